"""The phones in workers' hands: let in by a code, heard event by event, told what their day needs."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "shouwang.devices"
    verbose_name = "手机"
