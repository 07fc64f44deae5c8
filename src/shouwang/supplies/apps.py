"""Goods (物资): what there is, where it went, what runs short; every movement written once and never changed."""

from django.apps import AppConfig


class SuppliesConfig(AppConfig):
    name = "shouwang.supplies"
    verbose_name = "物资"
