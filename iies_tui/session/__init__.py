"""The boundary between the UI process and the session process; it calls use cases and has no
rule."""
