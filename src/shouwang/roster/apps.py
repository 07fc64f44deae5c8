"""Roster (人手): who works, who is called, who stands where, who takes over, who holds what."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "shouwang.roster"
    verbose_name = "值班人手"
