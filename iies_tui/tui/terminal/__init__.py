"""The controlling terminal: its abilities, its console, what it shows when the program ends."""
