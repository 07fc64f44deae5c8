"""核酸检测: rounds, who is missing, points and timetables, tours from door to door, special trades."""

from django.urls import path

from shouwang.desk.testing.rounds import doors, opened, ordering, planning, trades

urlpatterns = [
    path("", ordering.rounds, name="testing_rounds"),
    path("new/", ordering.new, name="testing_new"),
    path("urgent/", doors.urgent, name="testing_urgent"),
    path("trades/", trades.trades, name="testing_trades"),
    path("trades/new/", trades.new, name="testing_trade_new"),
    path("trades/<uuid:trade>/", trades.opened, name="testing_trade"),
    path("trades/<uuid:trade>/put/", trades.put, name="testing_trade_put"),
    path("trades/<uuid:trade>/end/", trades.ended, name="testing_trade_end"),
    path("workers/<int:worker>/", trades.changed, name="testing_worker"),
    path("tours/<uuid:tour>/", doors.sheet, name="testing_sheet"),
    path("fetching/<uuid:fetching>/", planning.fetching_of, name="testing_fetching"),
    path("fetching/<uuid:fetching>/fetched/", planning.fetched, name="testing_fetched"),
    path("<uuid:round_id>/", opened.opened, name="testing_round"),
    path("<uuid:round_id>/end/", ordering.end_asked, name="testing_end"),
    path("<uuid:round_id>/end/confirm/", ordering.ended, name="testing_ended"),
    path("<uuid:round_id>/missing/", opened.missing, name="testing_missing"),
    path("<uuid:round_id>/missing/<int:duty>/", opened.one, name="testing_one"),
    path("<uuid:round_id>/missing/<int:duty>/called/", opened.called, name="testing_called"),
    path("<uuid:round_id>/calls/", planning.timetable, name="testing_calls"),
    path("<uuid:round_id>/calls/lay-out/", planning.laid_out, name="testing_lay_out"),
    path("<uuid:round_id>/calls/draw/", planning.drawn, name="testing_draw"),
    path("<uuid:round_id>/calls/fetch/", planning.fetching, name="testing_fetch"),
    path("<uuid:round_id>/points/", planning.point_added, name="testing_point"),
    path("<uuid:round_id>/points/<uuid:point>/close/", planning.point_closed, name="testing_point_close"),
    path("<uuid:round_id>/jobs/", planning.jobs, name="testing_jobs"),
    path("<uuid:round_id>/doors/", doors.tours, name="testing_doors"),
    path("<uuid:round_id>/doors/lay-out/", doors.laid_out, name="testing_tours_lay_out"),
]
