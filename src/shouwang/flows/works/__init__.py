"""Flows about what hands do each day: disinfection, second visits, bags fetched."""
