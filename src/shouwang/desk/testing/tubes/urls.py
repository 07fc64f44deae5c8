"""样本: tubes and boxes on their way, listed by hand."""

from django.urls import path

from shouwang.desk.testing.tubes import boxes, codes, hub, labels, paper, speed, tubes

urlpatterns = [
    path("", hub.listed, name="samples"),
    path("speed/", speed.speed, name="samples_speed"),
    path("rounds/<uuid:round_id>/", hub.account, name="samples_account"),
    path("boxes/<uuid:box>/", boxes.opened, name="testing_box"),
    path("boxes/<uuid:box>/explain/", boxes.explained, name="testing_box_explain"),
    path("boxes/<uuid:box>/said/", boxes.said, name="testing_box_said"),
    path("boxes/<uuid:box>/reconcile/", boxes.reconciled, name="testing_box_reconcile"),
    path("boxes/<uuid:box>/sheet/", labels.sheet, name="testing_box_sheet"),
    path("tubes/<uuid:tube>/", tubes.opened, name="testing_tube"),
    path("tubes/<uuid:tube>/strike/<uuid:swab>/", tubes.struck, name="testing_swab_strike"),
    path("codes/", codes.sheet, name="testing_codes"),
    path("labels/", labels.asked, name="testing_labels"),
    path("paper/", paper.typed, name="testing_paper"),
    path("paper/sheet/", paper.blank, name="testing_paper_sheet"),
]
