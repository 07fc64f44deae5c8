"""来电诉求: what people say, and what was answered for everybody."""

from django.urls import path

from shouwang.desk.inbox import asked, matters

urlpatterns = [
    path("", matters.inbox, name="inbox"),
    path("questions/", asked.questions, name="questions"),
    path("questions/<uuid:question>/end/", asked.end, name="question_end"),
    path("<uuid:matter>/", matters.matter, name="matter"),
    path("<uuid:matter>/step/", matters.step, name="matter_step"),
    path("<uuid:matter>/hand/", matters.hand, name="matter_hand"),
]
