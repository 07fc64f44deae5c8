"""The addresses of the page of somebody who stands on a list."""

from django.urls import path

from shouwang.desk.open.about import pages

urlpatterns = [
    path("<str:code>/", pages.about_me, name="about_me"),
    path("<str:code>/objection/", pages.contested, name="about_me_objection"),
]
