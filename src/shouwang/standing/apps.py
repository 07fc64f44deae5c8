"""Standing: what somebody may do now, and may not."""

from django.apps import AppConfig


class StandingConfig(AppConfig):
    name = "shouwang.standing"
    verbose_name = "管控"
