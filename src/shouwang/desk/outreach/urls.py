"""The addresses of 通知宣传."""

from django.urls import path

from shouwang.desk.outreach import by_hand, notices, office, outbox

urlpatterns = [
    path("", outbox.outbox, name="messages"),
    path("list/", outbox.listed, name="messages_list"),
    path("again/", outbox.again, name="messages_again"),
    path("by-hand/", by_hand.one_by_one, name="messages_by_hand"),
    path("group/", by_hand.for_groups, name="messages_group"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<uuid:notice>/", notices.notice, name="notice"),
    path("notices/<uuid:notice>/again/", notices.again, name="notice_again"),
    path("notices/<uuid:notice>/handed/", notices.handed, name="notice_handed"),
    path("notices/<uuid:notice>/read/", notices.read, name="notice_read"),
    path("notices/<uuid:notice>/text/", notices.texted, name="notice_text"),
    path("notices/<uuid:notice>/leaflet/", notices.leaflet, name="notice_leaflet"),
    path("office/", office.office, name="messages_office"),
]
