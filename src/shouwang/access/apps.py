"""Who may log in, what they may do, and where."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "shouwang.access"
    verbose_name = "人员与权限"
