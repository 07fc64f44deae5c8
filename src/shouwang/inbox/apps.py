"""Whatever anybody says is answered, handled and told back, each by its hour; and what many ask is answered once for all."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "shouwang.inbox"
    verbose_name = "来电诉求"
