"""The end of isolation: what has to hold by then, and who must speak before it if something does not."""
