"""Deterministic CBOR and Ed25519 public keys, as every format uses them; no format of ours."""
