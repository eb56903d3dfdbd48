"""Widgets that more than one screen uses; none knows a screen or asks the session."""
