"""The issuer's and the verifier's use cases, in terms of domain and ports; no third-party
library."""
