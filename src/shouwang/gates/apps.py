"""Gates (卡口、门岗): who went in and out, decided in four seconds, with a network or without."""

from django.apps import AppConfig


class GatesConfig(AppConfig):
    name = "shouwang.gates"
    verbose_name = "卡口门岗"
