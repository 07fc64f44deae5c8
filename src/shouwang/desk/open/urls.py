"""The addresses for anybody in the street: short, because they are read out and typed."""

from django.urls import path

from shouwang.desk.open import check, closed, community, handing, place, say, spot

urlpatterns = [
    path("c/<str:area>/", community.community, name="community"),
    path("say/<str:area>/", say.say, name="say"),
    path("say/<str:area>/receipt/", say.receipt, name="say_receipt"),
    path("check/", check.check, name="check"),
    path("check/<str:area>/", check.check, name="check_area"),
    path("closed/<str:area>/", closed.closed, name="closed"),
    path("t/<str:code>/", handing.signed, name="hand"),
    path("d/<str:code>/", spot.done, name="spot_done"),
    path("e/<str:code>/", place.scanned, name="place_scan"),
    path("x/<str:code>/", closed.at_the_exit, name="exit"),
]
