"""What every frame has."""

from __future__ import annotations

VERSION = 1
MAX_FRAME = 16 * 1024 * 1024
"""Bytes; a longer frame ends the session."""

Json = dict[str, object]
"""A JSON object: a request (``docs/commands.md``), or a form's raw strings."""
