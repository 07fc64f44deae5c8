"""What becomes of a request: brought, paid, answered, raised, and how long nothing has reached a door."""
