"""`bench configure`: the configurator against published data."""
