"""Ledgers (台账日报): forms from above fill themselves, and what was sent stays what it was."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "shouwang.ledgers"
    verbose_name = "台账日报"
