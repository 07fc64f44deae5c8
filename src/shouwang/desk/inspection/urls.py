"""巡查: the pages of those who look, listed by hand."""

from django.urls import path

from shouwang.desk.inspection import findings, places, second

urlpatterns = [
    path("", findings.listed, name="inspection"),
    path("new/", findings.new, name="look_new"),
    path("findings/<uuid:finding>/", findings.opened, name="finding"),
    path("second/", second.listed, name="second_visits"),
    path("second/<uuid:second>/", second.opened, name="second_visit"),
    path("places/", places.listed, name="inspection_places"),
    path("places/<int:place>/close/", places.closed, name="closure_new"),
    path("closures/<uuid:closure>/leave/", places.leave, name="closure_leave"),
]
