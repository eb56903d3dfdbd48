"""Use cases, in terms of the domain and the ports only."""
