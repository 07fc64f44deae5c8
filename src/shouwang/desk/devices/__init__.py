"""手机: which phones there are and how they stand, letting one in, sending one away, and what was odd."""
