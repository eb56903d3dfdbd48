"""Facts for ``doctor`` and the known answers of ``selftest``; what they mean is decided in
``issuance``."""
