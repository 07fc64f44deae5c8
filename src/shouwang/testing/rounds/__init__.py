"""A round: who is to be swabbed, where, by when, and who is not."""
