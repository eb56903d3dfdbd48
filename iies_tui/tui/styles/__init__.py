"""Colors (``themes.py``) and layout (``*.tcss``)."""
