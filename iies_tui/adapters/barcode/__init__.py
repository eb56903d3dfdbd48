"""From claims to a signed envelope, its digits and the PDF417 symbol; reading is in ``reading``."""
