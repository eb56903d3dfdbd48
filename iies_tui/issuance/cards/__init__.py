"""Issuing one card: checked, numbered, sealed, recorded; delivery is in ``delivery``."""
