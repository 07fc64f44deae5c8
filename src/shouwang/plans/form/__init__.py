"""The form of a plan file: the words it is written with, how it is read, how it is said to people."""
