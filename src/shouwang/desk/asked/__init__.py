"""What forms ask in more than one place."""
