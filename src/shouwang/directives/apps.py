"""Orders from above (上级文件) and decisions of one's own meetings: read by whom, what they ask, what became of it."""

from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "shouwang.directives"
    verbose_name = "上级文件"
