"""Taking in a trust bundle or an insurer list; reading one is the adapters' work."""
