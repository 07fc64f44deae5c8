"""名单 and 核查: lists that were pushed down, as people work on them, listed by hand."""

from django.urls import path

from shouwang.desk.screening import asking, choosing, codes, columns, lists, rows, working

urlpatterns = [
    path("lists/", lists.lists, name="lists"),
    path("lists/<uuid:list_id>/", lists.list_page, name="list_page"),
    path("lists/<uuid:list_id>/return/", lists.returned, name="list_return"),
    path("lists/returns/<uuid:return_id>/", lists.return_file, name="list_return_file"),
    path("lists/files/<int:upload_id>/", lists.list_state, name="list_state"),
    path("lists/files/<int:upload_id>/columns/", columns.list_columns, name="list_columns"),
    path("lists/rows/", rows.list_rows, name="list_rows"),
    path("lists/rows/hand/", rows.handed, name="list_rows_hand"),
    path("lists/rows/elsewhere/", rows.all_elsewhere, name="list_rows_elsewhere"),
    path("lists/rows/<uuid:row>/", asking.list_row, name="list_row"),
    path("lists/choose/", choosing.choosing, name="choosing"),
    path("lists/choose/decide/", choosing.decided, name="decide"),
    path("lists/choose/undo/", choosing.undone, name="undo_decision"),
    path("codes/", codes.codes, name="codes"),
    path("codes/step/", codes.stepped, name="codes_step"),
    path("codes/<uuid:code>/", codes.code_request, name="code_request"),
    path("work/", working.work, name="work"),
    path("work/<uuid:inquiry>/", asking.inquiry, name="inquiry"),
    path("work/<uuid:inquiry>/call/", asking.called, name="inquiry_call"),
    path("work/<uuid:inquiry>/tried/", working.tried, name="inquiry_tried"),
    path("work/<uuid:inquiry>/forget/", working.forgotten, name="inquiry_forget"),
    path("work/<uuid:inquiry>/hand/", working.handed_on, name="inquiry_hand"),
    path("work/<uuid:inquiry>/met/", asking.met, name="inquiry_met"),
    path("work/<uuid:inquiry>/elsewhere/", asking.elsewhere, name="inquiry_elsewhere"),
    path("work/<uuid:inquiry>/not-them/", asking.somebody_else, name="inquiry_not_them"),
    path("work/answers/<uuid:check>/strike/", asking.struck, name="inquiry_strike"),
    path("work/referrals/<uuid:referral>/", asking.referral, name="referral"),
    path("work/referrals/<uuid:referral>/doctor/", asking.doctor, name="referral_doctor"),
]
