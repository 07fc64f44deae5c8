"""Flows about those who work: told, called up, moved, handed over."""
