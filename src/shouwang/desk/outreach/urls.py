"""The addresses of 通知宣传."""

from django.urls import path

from shouwang.desk.outreach import by_hand, office, outbox

urlpatterns = [
    path("", outbox.outbox, name="messages"),
    path("list/", outbox.listed, name="messages_list"),
    path("again/", outbox.again, name="messages_again"),
    path("by-hand/", by_hand.one_by_one, name="messages_by_hand"),
    path("group/", by_hand.for_groups, name="messages_group"),
    path("office/", office.office, name="messages_office"),
]
