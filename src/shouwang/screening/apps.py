"""Screening (排查): every door visited, every place seen, every list settled."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "shouwang.screening"
    verbose_name = "排查"
