"""From a sealed card to paper, file, fax or mail, at most once; sealing is in ``cards``."""
