"""Everything that touches the world: files, keys, databases, printers, mail; no rule, and
nothing of the screens."""
