"""The addresses of phones."""

from django.urls import path

from shouwang.desk.devices import giving, odd, phones

urlpatterns = [
    path("", phones.overview, name="devices"),
    path("new/", giving.give, name="device_new"),
    path("odd/", odd.oddities_page, name="device_odd"),
    path("odd/<uuid:device>/<slug:code>/settle/", odd.settle, name="device_settle"),
    path("odd/<uuid:device>/<slug:code>/again/", odd.again, name="device_again"),
    path("odd/<uuid:device>/<slug:code>/raw/", odd.raw, name="device_raw"),
    path("<uuid:device>/revoke/", phones.send_away, name="device_revoke"),
]
