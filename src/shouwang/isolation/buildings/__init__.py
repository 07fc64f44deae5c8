"""Buildings closed and opened again, and the way out of each."""
