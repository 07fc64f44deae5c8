"""What workers, and those who want to help, open without a log-in."""
