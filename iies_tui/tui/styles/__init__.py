"""Colors (``themes.py``) and layout (``*.tcss``); no text and no behavior."""
