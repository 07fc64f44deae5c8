"""一日两会: the one sheet of the meeting, what was kept of meetings before, the records behind a figure."""

from django.urls import path

from shouwang.desk.briefing import holding, kept, sheet

urlpatterns = [
    path("briefing/", sheet.briefing, name="briefing"),
    path("briefing/held/", holding.held, name="briefing_held"),
    path("briefing/numbers/", sheet.numbers, name="briefing_numbers"),
    path("briefing/waiting/", sheet.waiting, name="briefing_waiting"),
    path("briefing/figure/", kept.figure, name="briefing_figure"),
    path("briefing/minutes/<uuid:directive_id>/", kept.minutes, name="briefing_minutes"),
]
