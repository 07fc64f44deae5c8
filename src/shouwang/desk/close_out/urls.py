"""The pages on which a response comes to its end."""

from django.urls import path

from shouwang.desk.close_out import ending

urlpatterns = [
    path("", ending.the_end, name="close_out"),
    path("propose/", ending.propose, name="close_out_propose"),
    path("<uuid:closing>/confirm/", ending.confirm, name="close_out_confirm"),
    path("<uuid:closing>/withdraw/", ending.withdraw, name="close_out_withdraw"),
    path("<uuid:closing>/certificate/", ending.certificate, name="close_out_certificate"),
]
