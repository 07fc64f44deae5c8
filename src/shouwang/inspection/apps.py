"""Inspection (巡查督导): somebody looks, what is wrong has an owner and an hour, somebody else checks again."""

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "shouwang.inspection"
    verbose_name = "巡查"
