"""Trail, register, outbox and backup on SQLite."""
