"""Posters, what was reported, and reporting for somebody else; listed by hand."""

from django.urls import path

from shouwang.desk.reporting import entering, posters, reported

urlpatterns = [
    path("", reported.reported, name="reported"),
    path("enter/", entering.enter, name="report_enter"),
    path("wishes/<uuid:wish>/", reported.answered, name="report_wish"),
    path("posters/", posters.posters_page, name="posters"),
    path("posters/make/", posters.make, name="posters_make"),
    path("posters/more/", posters.one_more, name="poster_more"),
    path("posters/print/", posters.printed, name="posters_print"),
    path("posters/<int:pk>/down/", posters.take_down, name="poster_down"),
]
