"""Every address, for people and for machines, listed by hand."""

from django.urls import include, path

from shouwang.api.v1 import api
from shouwang.desk import signing_in

urlpatterns = [
    path("", include("shouwang.desk.urls")),
    path("api/v1/", api.urls),
    path("accounts/", include(signing_in.urlpatterns)),
]

handler403 = "shouwang.desk.wrong.forbidden"
handler404 = "shouwang.desk.wrong.not_found"
handler500 = "shouwang.desk.wrong.broken"
