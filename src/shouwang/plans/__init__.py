"""Response plans: readable TOML, their vocabulary and their one loader."""
