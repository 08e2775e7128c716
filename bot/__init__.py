"""The Rasa bot: understands a message and hands it to the one action for its intent. Python 3.10."""
