"""卡口事件: its pages, listed by hand."""

from django.urls import path

from shouwang.desk.gates.incidents import pages

urlpatterns = [
    path("", pages.listed, name="incidents"),
    path("new/", pages.new, name="incident_new"),
    path("objections/<uuid:contest>/", pages.contest, name="pass_contest"),
    path("<uuid:incident>/photos/<uuid:photo>/", pages.photo, name="incident_photo"),
    path("<uuid:incident>/", pages.opened, name="incident"),
]
