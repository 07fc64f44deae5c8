"""Areas, households, people and places, and who answers for them."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "shouwang.register"
    verbose_name = "住户底册"
