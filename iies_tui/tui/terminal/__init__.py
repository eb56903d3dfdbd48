"""The controlling terminal: its abilities, its console, what it shows at the end; no widgets."""
