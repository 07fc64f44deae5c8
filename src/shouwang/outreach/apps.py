"""Outreach (宣传告知): a message to everybody who must know, once, and proof that whoever calls is real."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "shouwang.outreach"
    verbose_name = "通知宣传"
