"""Rows that are one and the same: proposed, joined, taken apart."""
