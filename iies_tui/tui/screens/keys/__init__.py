"""Setup and what follows from it: entering, replacing, removing and reporting a KEY."""
