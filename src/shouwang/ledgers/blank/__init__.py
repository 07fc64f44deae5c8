"""Blank forms as they come from above: read, asked about once, kept."""
