"""Every address of the desk, listed by hand."""

from django.urls import include, path

urlpatterns = [
    path("", include("shouwang.desk.urls")),
    path("accounts/", include("allauth.urls")),
]
