"""The life of a KEY on this terminal: added, unlocked, replaced, reported, removed; no
cryptography."""
