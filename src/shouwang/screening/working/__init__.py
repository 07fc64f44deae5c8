"""Working on lists: whom to ask next, and all that is known of the one who is asked."""
