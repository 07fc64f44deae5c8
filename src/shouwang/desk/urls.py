"""The desk's own pages, listed by hand."""

from django.urls import include, path

from shouwang.desk import board, board_list, look

urlpatterns = [
    path("", board.today, name="board"),
    path("numbers/", board.numbers, name="board_numbers"),
    path("hours/", board.hours, name="board_hours"),
    path("owed/", board_list.opened, name="board_list"),
    path("look/", look.choose, name="look"),
    path("door/", include("shouwang.desk.door.urls")),
    path("", include("shouwang.desk.open.urls")),
    path("ledgers/", include("shouwang.desk.ledgers.urls")),
    path("r/", include("shouwang.desk.open.report_urls")),
    path("h/", include("shouwang.desk.open.home_urls")),
    path("isolation/", include("shouwang.desk.isolation.urls")),
    path("reporting/", include("shouwang.desk.reporting.urls")),
    path("messages/", include("shouwang.desk.outreach.urls")),
    path("", include("shouwang.desk.running.urls")),
    path("", include("shouwang.desk.screening.urls")),
    path("", include("shouwang.desk.living.urls")),
    path("", include("shouwang.desk.overview.urls")),
    path("", include("shouwang.desk.directives.urls")),
    path("", include("shouwang.desk.briefing.urls")),
    path("", include("shouwang.desk.cases.urls")),
]
