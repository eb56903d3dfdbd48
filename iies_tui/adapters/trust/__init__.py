"""The trust bundle's format, the installed bundle, insurers, and the authority's own store."""
