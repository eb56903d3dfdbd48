"""The regulator's use cases: mint, revoke, publish, open; standard library only."""
