"""The generator's four tabs, each a pane that reads from and writes to the form."""
