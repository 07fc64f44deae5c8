"""Pages of ledgers: what is owed and sent, one report, what was sent, the forms of those above."""

from django.urls import path

from shouwang.desk.ledgers import clear, forms, reporting, rolling_up, sending, sent_pages

urlpatterns = [
    path("", reporting.ledgers, name="ledgers"),
    path("now/", reporting.now, name="ledgers_now"),
    path("report/<uuid:report_id>/", reporting.report, name="ledger_report"),
    path("report/<uuid:report_id>/behind/<int:column>/", reporting.behind, name="ledger_behind"),
    path("report/<uuid:report_id>/prepare/", sending.prepare_report, name="ledger_prepare"),
    path("sent/<uuid:snapshot_id>/", sent_pages.snapshot, name="ledger_snapshot"),
    path("sent/<uuid:snapshot_id>/check/", sending.check_snapshot, name="ledger_check"),
    path("sent/<uuid:snapshot_id>/withdraw/", sending.withdraw_snapshot, name="ledger_withdraw"),
    path("sent/<uuid:snapshot_id>/correct/", sending.correct_snapshot, name="ledger_correct"),
    path("sent/<uuid:snapshot_id>/file/", sent_pages.file, name="ledger_file"),
    path("sent/<uuid:snapshot_id>/clear/", clear.ask_clear, name="ledger_clear"),
    path("clear/<int:export_id>/approve/", clear.approve_clear, name="ledger_clear_approve"),
    path("clear/<int:export_id>/refuse/", clear.refuse_clear, name="ledger_clear_refuse"),
    path("clear/<int:export_id>/take/", clear.take_clear, name="ledger_clear_take"),
    path("all/<int:form_id>/", rolling_up.roll_up, name="ledger_roll_up"),
    path("all/<int:form_id>/chase/", rolling_up.chase_reports, name="ledger_chase"),
    path("forms/", forms.forms, name="ledger_forms"),
    path("forms/<int:form_id>/", forms.form_page, name="ledger_form"),
    path("forms/<int:form_id>/retire/", forms.retire_form, name="ledger_retire"),
    path("forms/version/<int:version_id>/", forms.columns, name="ledger_columns"),
]
