"""The hub: what came, what waits, what is late, and whether everything agrees at the end."""
