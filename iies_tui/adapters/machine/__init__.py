"""Files, locks, clock and identity of this machine."""
