"""Tubes and who is in them, boxes and whose hands they pass through."""
