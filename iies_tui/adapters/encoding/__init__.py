"""Canonical CBOR and Ed25519, as every format here uses them."""
