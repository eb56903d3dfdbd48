"""Finds and reads a symbol and a page's text in a PDF, picture or fax; shares no code with
drawing."""
