"""通行证: the pages of those who give out passes, listed by hand."""

from django.urls import path

from shouwang.desk.passes import barring, issuing, listing, one, printing

urlpatterns = [
    path("", listing.listed, name="passes"),
    path("new/", issuing.new, name="pass_new"),
    path("single/", issuing.single, name="pass_single"),
    path("lists/<uuid:listed>/", issuing.of_list, name="passes_of_list"),
    path("print/", printing.choose, name="pass_print"),
    path("print/sheet/", printing.sheet, name="pass_sheet"),
    path("bars/", barring.listed, name="pass_bars"),
    path("bars/<uuid:bar>/end/", one.given_back, name="pass_bar_end"),
    path("asked/<uuid:proposal>/decide/", one.decided, name="pass_decide"),
    path("asked/<uuid:proposal>/refuse/", one.refused, name="pass_refuse"),
    path("<uuid:card>/", one.opened, name="pass"),
    path("<uuid:card>/lost/", one.lost, name="pass_lost"),
    path("<uuid:card>/found/", one.found, name="pass_found"),
    path("<uuid:card>/replace/", one.replaced, name="pass_replace"),
    path("<uuid:card>/longer/", one.longer, name="pass_longer"),
    path("<uuid:card>/end/", one.ended, name="pass_end"),
    path("<uuid:card>/withdraw/", one.asked, name="pass_withdraw"),
]
