"""The addresses of an isolated household's own page."""

from django.urls import path

from shouwang.desk.open import home

urlpatterns = [
    path("<str:code>/", home.home, name="home"),
    path("<str:code>/enter/", home.enter, name="home_enter"),
    path("<str:code>/reading/", home.reading, name="home_reading"),
    path("<str:code>/need/", home.need, name="home_need"),
    path("<str:code>/objection/", home.objection, name="home_objection"),
]
