"""The addresses of workers and of those who want to help: short, because they stand in messages and behind codes."""

from django.urls import path

from shouwang.desk.open.workers import join, own

urlpatterns = [
    path("w/<str:code>/", own.own, name="worker_own"),
    path("w/<str:code>/seen/", own.seen, name="worker_seen"),
    path("w/<str:code>/called/<uuid:pk>/", own.called, name="worker_called"),
    path("w/<str:code>/here/<uuid:pk>/", own.here, name="worker_here"),
    path("w/<str:code>/cannot/<uuid:pk>/", own.cannot, name="worker_cannot"),
    path("at/<str:code>/", own.at_post, name="at_post"),
    path("join/own/<str:code>/", join.joined, name="joined"),
    path("join/<str:area>/", join.join, name="join"),
]
