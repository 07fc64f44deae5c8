"""卡口通行: its pages, listed by hand."""

from django.urls import path

from shouwang.desk.gates import keeping, live, passages

urlpatterns = [
    path("", live.listed, name="gates"),
    path("week/", live.weekly, name="gates_week"),
    path("tallies/", live.tallied, name="gates_tallies"),
    path("passages/", passages.of_all, name="gates_passages"),
    path("new/", keeping.new, name="gate_new"),
    path("from-posts/", keeping.from_posts, name="gates_from_posts"),
    path("<uuid:gate>/", passages.opened, name="gate"),
    path("<uuid:gate>/close/", keeping.closed, name="gate_close"),
    path("<uuid:gate>/sheet/", keeping.sheet, name="gate_sheet"),
]
