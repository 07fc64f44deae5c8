"""The addresses of an isolated household's own page."""

from django.urls import path

from shouwang.desk.open.homes import mine, pages

urlpatterns = [
    path("<str:code>/", pages.home, name="home"),
    path("<str:code>/enter/", pages.enter, name="home_enter"),
    path("<str:code>/reading/", pages.reading, name="home_reading"),
    path("<str:code>/mine/<int:person>/", mine.mine, name="home_mine"),
    path("<str:code>/need/", pages.need, name="home_need"),
    path("<str:code>/objection/", pages.objection, name="home_objection"),
]
