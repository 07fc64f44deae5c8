"""Finding people, doors and places while somebody types."""
