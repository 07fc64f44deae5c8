"""疫苗接种: drives and their calls."""

from django.urls import path

from shouwang.desk.vaccination import doors, drives

urlpatterns = [
    path("", drives.overview, name="vaccination"),
    path("doors/", doors.doors, name="vaccination_doors"),
    path("<uuid:drive>/", drives.drive, name="drive"),
    path("<uuid:drive>/end/", drives.end, name="drive_end"),
    path("<uuid:drive>/<int:person>/", drives.say, name="drive_say"),
]
