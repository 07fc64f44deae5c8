"""消杀: the pages of those who disinfect, listed by hand."""

from django.urls import path

from shouwang.desk.disinfection import finals, sheets, today

urlpatterns = [
    path("", today.listed, name="disinfection"),
    path("new/", today.new, name="disinfection_new"),
    path("sheets/", sheets.printed, name="disinfection_sheets"),
    path("spots/<uuid:spot>/", today.opened, name="disinfection_spot"),
    path("spots/<uuid:spot>/done/", today.tapped, name="disinfection_tap"),
    path("spots/<uuid:spot>/end/", today.ended, name="disinfection_end"),
    path("rounds/<uuid:done_round>/strike/", today.struck, name="disinfection_strike"),
    path("finals/", finals.listed, name="disinfection_finals"),
    path("finals/new/<int:household>/", finals.new, name="disinfection_final_new"),
    path("finals/<uuid:final>/", finals.opened, name="disinfection_final"),
    path("finals/<uuid:final>/step/", finals.stepped, name="disinfection_step"),
    path("finals/<uuid:final>/accept/", finals.accepted, name="disinfection_accept"),
    path("finals/<uuid:final>/certificate/", finals.certificate, name="disinfection_certificate"),
    path("bags/", finals.collected, name="disinfection_collect"),
]
