"""Response plans: readable files with a source for every number, kept in versions."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "shouwang.plans"
    verbose_name = "预案"
