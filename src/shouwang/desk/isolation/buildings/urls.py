"""Closed buildings and the way out of each, listed by hand."""

from django.urls import path

from shouwang.desk.isolation.buildings import exits, longer, seals

urlpatterns = [
    path("", seals.listed, name="seals"),
    path("new/", seals.new, name="seal_new"),
    path("<uuid:seal>/", seals.opened, name="seal"),
    path("<uuid:seal>/approve/", seals.approved, name="seal_approve"),
    path("<uuid:seal>/withdraw/", seals.withdrawn, name="seal_withdraw"),
    path("<uuid:seal>/open/", seals.opened_again, name="seal_open"),
    path("<uuid:seal>/longer/", longer.asked, name="seal_longer"),
    path("longer/<uuid:asking>/approve/", longer.approved, name="longer_approve"),
    path("<uuid:seal>/tell/", seals.told_more, name="seal_tell"),
    path("<uuid:seal>/check/", exits.checked, name="seal_check"),
    path("<uuid:seal>/left/", seals.left, name="seal_left"),
    path("<uuid:seal>/call/", seals.called, name="seal_call"),
    path("<uuid:seal>/notice/", seals.notice, name="seal_notice"),
    path("left/<uuid:left>/", exits.transported, name="left_transport"),
]
