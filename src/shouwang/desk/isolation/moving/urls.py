"""Cars that take people somewhere, listed by hand."""

from django.urls import path

from shouwang.desk.isolation.moving import transfers

urlpatterns = [
    path("", transfers.listed, name="transfers"),
    path("new/<uuid:order>/", transfers.new, name="transfer_new"),
    path("<uuid:transfer>/", transfers.opened, name="transfer"),
    path("<uuid:transfer>/depart/", transfers.departed, name="transfer_depart"),
    path("<uuid:transfer>/hand-over/", transfers.handed_over, name="transfer_hand_over"),
    path("<uuid:transfer>/off/", transfers.called_off, name="transfer_off"),
    path("<uuid:transfer>/sheet/", transfers.sheet, name="transfer_sheet"),
]
