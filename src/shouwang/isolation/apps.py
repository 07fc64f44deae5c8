"""Isolation (居家隔离): begun at once, supported every day, ended on the hour."""

from django.apps import AppConfig


class IsolationConfig(AppConfig):
    name = "shouwang.isolation"
    verbose_name = "居家隔离"
