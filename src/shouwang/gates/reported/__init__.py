"""What gates report: numbers of the day, and the register of a checkpoint line by line."""
