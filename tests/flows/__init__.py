"""Whole stories at the screen, from sign-on to paper; one screen alone is tested in
``tests/tui``."""
