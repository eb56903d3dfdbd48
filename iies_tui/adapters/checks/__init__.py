"""Facts for ``doctor`` and the known answers of ``selftest``."""
