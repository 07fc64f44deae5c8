"""The door for people: pages on the desk and at the door."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "shouwang.desk"
    verbose_name = "桌面"

    def ready(self) -> None:
        """Every form speaks as the house does."""
        from shouwang.desk.asked.sentences import speak

        speak()
