"""Finding and reading a symbol and a page's text in a PDF, picture or fax; no drawing."""
