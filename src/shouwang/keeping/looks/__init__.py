"""The looks of `shouwang check`, by what they look at."""
