"""The addresses of a pass's own page: short, because they stand on the card."""

from django.urls import path

from shouwang.desk.open.passes import pages

urlpatterns = [
    path("find/<str:area>/", pages.find, name="pass_find"),
    path("<str:code>/", pages.opened, name="pass_own"),
    path("<str:code>/objection/", pages.contested, name="pass_own_objection"),
    path("<str:code>/visitor/", pages.visitor, name="pass_own_visitor"),
]
