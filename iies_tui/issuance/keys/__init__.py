"""The life of a KEY on this terminal: enrolled, unlocked, replaced, reported, removed."""
