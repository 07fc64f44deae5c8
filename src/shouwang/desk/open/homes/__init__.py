"""The page of an isolated household, and the part of it that belongs to one person alone."""
