"""Parsers under hostile bytes: targets, a corpus, and a short seeded run in the suite."""
