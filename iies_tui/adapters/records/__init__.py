"""Trail, register, outbox and backup on SQLite; which step is recorded when is in ``issuance``."""
