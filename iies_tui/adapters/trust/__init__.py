"""The trust bundle's bytes, the installed bundle, insurer lists, the authority's store; no
policy."""
