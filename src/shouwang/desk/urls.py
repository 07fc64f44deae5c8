"""The desk's own pages, listed by hand."""

from django.urls import include, path

from shouwang.desk import board, field, look
from shouwang.desk.open.tests import pages as tests
from shouwang.desk.owed import listed

urlpatterns = [
    path("", board.today, name="board"),
    path("numbers/", board.numbers, name="board_numbers"),
    path("hours/", board.hours, name="board_hours"),
    path("owed/", listed.opened, name="board_list"),
    path("look/", look.choose, name="look"),
    path("field/", field.shell, name="field"),
    path("field/worker.js", field.worker, name="field_worker"),
    path("door/", include("shouwang.desk.door.urls")),
    path("", include("shouwang.desk.open.urls")),
    path("ledgers/", include("shouwang.desk.ledgers.urls")),
    path("r/", include("shouwang.desk.open.report_urls")),
    path("h/", include("shouwang.desk.open.homes.urls")),
    path("me/", include("shouwang.desk.open.about.urls")),
    path("p/", include("shouwang.desk.open.passes.urls")),
    path("tests/<str:code>/", tests.tests, name="tests"),
    path("tests/<str:code>/objection/", tests.contested, name="tests_objection"),
    path("isolation/", include("shouwang.desk.isolation.urls")),
    path("hands/", include("shouwang.desk.roster.urls")),
    path("", include("shouwang.desk.open.workers.urls")),
    path("reporting/", include("shouwang.desk.reporting.urls")),
    path("messages/", include("shouwang.desk.outreach.urls")),
    path("devices/", include("shouwang.desk.devices.urls")),
    path("vaccination/", include("shouwang.desk.vaccination.urls")),
    path("inbox/", include("shouwang.desk.inbox.urls")),
    path("close-out/", include("shouwang.desk.close_out.urls")),
    path("goods/", include("shouwang.desk.supplies.urls")),
    path("testing/rounds/", include("shouwang.desk.testing.rounds.urls")),
    path("testing/results/", include("shouwang.desk.testing.results.urls")),
    path("samples/", include("shouwang.desk.testing.tubes.urls")),
    path("disinfection/", include("shouwang.desk.disinfection.urls")),
    path("inspection/", include("shouwang.desk.inspection.urls")),
    path("passes/", include("shouwang.desk.passes.urls")),
    path("gates/", include("shouwang.desk.gates.urls")),
    path("gates/incidents/", include("shouwang.desk.gates.incidents.urls")),
    path("", include("shouwang.desk.running.urls")),
    path("", include("shouwang.desk.screening.urls")),
    path("", include("shouwang.desk.living.urls")),
    path("", include("shouwang.desk.overview.urls")),
    path("", include("shouwang.desk.directives.urls")),
    path("", include("shouwang.desk.briefing.urls")),
    path("", include("shouwang.desk.cases.urls")),
]
