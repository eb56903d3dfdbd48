"""Issue New York insurance ID cards from a keyboard, off line."""

__version__ = "0.1.0"
