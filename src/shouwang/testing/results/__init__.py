"""Results from the laboratory, and what follows when a tube has to be taken again."""
