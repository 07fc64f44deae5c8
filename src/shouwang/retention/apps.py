"""What is kept about people has an end: days, or the end of the response; what is destroyed is counted and certified."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "shouwang.retention"
    verbose_name = "资料销毁"
