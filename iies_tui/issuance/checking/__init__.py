"""Judging what exists: a card, the trail, this terminal; nothing is issued here."""
