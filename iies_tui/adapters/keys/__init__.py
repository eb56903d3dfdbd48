"""KEY and PIN: derivation, vault, pepper, attempts, passphrases and recovery codes."""
