"""Keys: the commands they give, those typed ahead, and the time without any."""
