"""The pages with which a community is run: the day's account, rounds, imports, who answers, plans, people, the log."""

from django.urls import path

from shouwang.desk.running import account_list, accounts, closing, imports, rounds

urlpatterns = [
    path("close/", closing.evening, name="closing"),
    path("close/day/", accounts.closed_day, name="closed_day"),
    path("close/past/", accounts.past_days, name="past_days"),
    path("close/list/", account_list.behind_number, name="account_list"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.new_round, name="new_round"),
    path("rounds/<uuid:round_id>/extend/", rounds.extend_round, name="extend_round"),
    path("rounds/<uuid:round_id>/end/", rounds.stop_round, name="stop_round"),
    path("import/", imports.imports, name="imports"),
    path("import/<int:upload_id>/", imports.import_file, name="import_file"),
    path("import/<int:upload_id>/state/", imports.import_state, name="import_state"),
    path("import/<int:upload_id>/columns/", imports.import_columns, name="import_columns"),
    path("import/<int:upload_id>/start/", imports.import_start, name="import_start"),
    path("import/<int:upload_id>/check/", imports.import_check, name="import_check"),
]
