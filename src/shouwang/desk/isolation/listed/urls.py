"""A whole list at once, listed by hand."""

from django.urls import path

from shouwang.desk.isolation.listed import asking

urlpatterns = [
    path("<uuid:listed>/", asking.opened, name="isolation_of_list"),
    path("<uuid:listed>/ask/", asking.asked, name="isolation_of_list_ask"),
    path("<uuid:listed>/confirm/", asking.confirmed, name="isolation_of_list_confirm"),
    path("<uuid:listed>/decide/", asking.decided, name="isolation_of_list_decide"),
]
