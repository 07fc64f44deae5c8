"""The addresses of new requests."""

from django.urls import path

from shouwang.desk.isolation.proposing import new, outside

urlpatterns = [
    path("", new.new, name="isolation_new"),
    path("outside/", outside.asked_outside, name="isolation_outside"),
]
