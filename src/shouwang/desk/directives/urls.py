"""上级文件: what came down, what it asks, who has read it, what was reported back."""

from django.urls import path

from shouwang.desk.directives import answers, confirming, documents

urlpatterns = [
    path("directives/", documents.listed, name="directives"),
    path("directives/new/", documents.received, name="directive_new"),
    path("directives/<uuid:directive_id>/", documents.shown, name="directive"),
    path("directives/<uuid:directive_id>/read/", documents.read, name="directive_read"),
    path("directives/<uuid:directive_id>/file/", documents.file, name="directive_file"),
    path("directives/<uuid:directive_id>/text/", confirming.typed, name="directive_text"),
    path("directives/<uuid:directive_id>/points/", confirming.points, name="directive_points"),
    path("directives/<uuid:directive_id>/more/", confirming.more, name="directive_more"),
    path("directives/point/<uuid:point_id>/", answers.point, name="directive_point"),
    path("directives/point/<uuid:point_id>/end/", answers.end, name="directive_end"),
    path("directives/answer/<uuid:report_id>/file/", answers.file, name="directive_answer_file"),
    path("directives/answer/<uuid:report_id>/strike/", answers.strike, name="directive_strike"),
]
