"""What is done with phones: letting one in, calling a door."""
