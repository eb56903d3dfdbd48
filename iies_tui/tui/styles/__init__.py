"""Colours (``themes.py``) and layout (``*.tcss``)."""
