"""Many cards from one file, each row at most once."""
