"""居家隔离: the pages of those who ask people to stay at home and look after them, listed by hand."""

from django.urls import path

from shouwang.desk.isolation import needs, notice, objections, order, overview, proposing, steps, temperatures

urlpatterns = [
    path("", overview.listed, name="isolation"),
    path("new/", proposing.new, name="isolation_new"),
    path("temperatures/", temperatures.missing, name="isolation_temperatures"),
    path("chat/", temperatures.chat, name="isolation_chat"),
    path("needs/", needs.listed, name="needs"),
    path("needs/new/<int:household>/", needs.new, name="need_new"),
    path("needs/<uuid:need>/", needs.opened, name="need"),
    path("needs/<uuid:need>/take/", needs.taken, name="need_take"),
    path("needs/<uuid:need>/bring/", needs.brought, name="need_bring"),
    path("needs/<uuid:need>/drop/", needs.dropped, name="need_drop"),
    path("objections/<uuid:objection>/", objections.answered, name="objection"),
    path("<uuid:order>/", order.opened, name="order"),
    path("<uuid:order>/call/", order.called, name="order_call"),
    path("<uuid:order>/notice/", notice.printed, name="order_notice"),
    path("<uuid:order>/confirm/", steps.confirmed, name="order_confirm"),
    path("<uuid:order>/decide/", steps.decided, name="order_decide"),
    path("<uuid:order>/withdraw/", steps.withdrawn, name="order_withdraw"),
    path("<uuid:order>/care/", steps.cared, name="order_care"),
    path("<uuid:order>/reading/", steps.read, name="order_reading"),
    path("<uuid:order>/extend/", steps.extended, name="order_extend"),
    path("<uuid:order>/release/", steps.released, name="order_release"),
]
