"""Issue New York insurance ID cards from a keyboard, off line; this file has the version and
nothing else."""

__version__ = "0.1.0"
