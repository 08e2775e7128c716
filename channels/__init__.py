"""The customers' edge: the web chat, Telegram, inbox and outbox."""
