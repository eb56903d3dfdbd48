"""KEY and PIN: derivation, vault, pepper, attempts, passphrases, recovery codes; no sign-on
flow."""
