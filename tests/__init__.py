"""Tests mirror the package: ``iies_tui/domain/vin.py`` is tested in
``tests/domain/test_vin.py``."""
