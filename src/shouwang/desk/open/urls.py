"""The addresses for anybody in the street: short, because they are read out and typed."""

from django.urls import path

from shouwang.desk.open import check

urlpatterns = [
    path("check/", check.check, name="check"),
    path("check/<str:area>/", check.check, name="check_area"),
]
