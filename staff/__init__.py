"""The staff console: who may enter, what they see, and what they may do."""
