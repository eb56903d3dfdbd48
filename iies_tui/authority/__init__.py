"""The regulator: mint, revoke, publish, open."""
