"""我的通行证: the page of a pass for whoever carries it, on their own phone."""
