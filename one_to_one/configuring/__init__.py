"""Making a product up from its modules: what fits together, what is left to choose, and what clashes."""
