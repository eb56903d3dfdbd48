"""The card form: its tabs, what it suggests, and the request it makes; no other screen."""
