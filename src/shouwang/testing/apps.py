"""Testing (核酸检测): a round for everyone, from the order to the last result."""

from django.apps import AppConfig


class TestingConfig(AppConfig):
    name = "shouwang.testing"
    verbose_name = "核酸检测"
