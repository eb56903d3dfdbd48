"""The boundary between the UI process and the session process."""
