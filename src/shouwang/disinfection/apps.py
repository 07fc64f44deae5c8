"""Disinfection (消杀): spots with a plan, rounds by scanning the code that hangs there, what was missed."""

from django.apps import AppConfig


class DisinfectionConfig(AppConfig):
    name = "shouwang.disinfection"
    verbose_name = "消杀"
