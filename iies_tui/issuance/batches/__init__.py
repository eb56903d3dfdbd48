"""Many cards from one file, each row at most once; reading the file's rows is in ``domain``."""
