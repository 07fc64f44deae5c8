"""The pages with which a community is run: the day's account, rounds, imports, who answers, plans, people, the log."""

from django.urls import path

from shouwang.desk.running import (
    account_list,
    accounts,
    answering,
    audit,
    closing,
    imports,
    people,
    plans,
    rounds,
)

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
    path("answering/", answering.answering, name="answering"),
    path("answering/nobody/", answering.nobodys_doors, name="nobodys_doors"),
    path("answering/give/", answering.give_area, name="give_area"),
    path("answering/<int:responsibility>/end/", answering.end_answering, name="end_answering"),
    path("helpers/", answering.helpers, name="helpers"),
    path("helpers/<int:helper>/hand-over/", answering.hand_over_all, name="hand_over"),
    path("plans/", plans.plans, name="plans"),
    path("plans/<slug:name>/", plans.plan_page, name="plan_page"),
    path("plans/<slug:name>/fill/", plans.fill_plan, name="fill_plan"),
    path("plans/<slug:name>/switch/", plans.switch, name="switch_plan"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_account, name="new_account"),
    path("people/<int:user_id>/more/", people.more_for, name="more_for"),
    path("people/grant/<int:grant_id>/end/", people.take_back, name="take_back"),
    path("audit/", audit.audit, name="audit"),
]
