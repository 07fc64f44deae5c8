"""Temperatures that come from a chat group, and readings that somebody should look at."""
