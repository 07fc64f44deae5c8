"""What a form asks and no record holds: asked where the work is done, and filled from the answers."""
