"""Setup's screens: entering, replacing, removing and reporting a KEY; no secret outlives its
screen."""
