"""Small questions over a screen: ask, pick, wait, warn; each gives its answer back."""
