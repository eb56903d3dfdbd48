"""How screens put things: errors, cards and dates in words; no widgets."""
