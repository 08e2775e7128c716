"""What browsers are sent that is the same for everybody, on both sides of the counter."""
