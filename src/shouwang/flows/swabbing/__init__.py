"""Stories of testing that cross modules."""
