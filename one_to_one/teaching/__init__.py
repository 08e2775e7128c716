"""What colleagues teach the bot, and what they should look at first. docs/teaching.md explains it."""
