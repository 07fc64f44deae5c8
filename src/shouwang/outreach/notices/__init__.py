"""What is announced: in versions, by every channel, counted where it was handed over."""
