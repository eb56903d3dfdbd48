"""Local CUPS printers through pycups."""
