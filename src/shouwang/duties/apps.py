"""The engine: what is owed, what was done, and the account of a day."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "shouwang.duties"
    verbose_name = "应办事项"
