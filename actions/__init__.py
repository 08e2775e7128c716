"""What Dripwise does when it is spoken to: one file per topic of talk, one action per intent or tap."""
