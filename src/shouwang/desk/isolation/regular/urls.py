"""The addresses of days that come again: dialysis, visits before a birth."""

from django.urls import path

from shouwang.desk.isolation.regular import days

urlpatterns = [
    path("", days.listed, name="regulars"),
    path("new/<int:household>/", days.new, name="regular_new"),
    path("<uuid:regular>/end/", days.ended, name="regular_end"),
]
