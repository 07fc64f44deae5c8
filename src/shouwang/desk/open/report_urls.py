"""Addresses of self-report: short, because they stand in a QR code and in a message."""

from django.urls import path

from shouwang.desk.open import report, report_own

urlpatterns = [
    path("receipt/", report_own.receipt, name="report_receipt"),
    path("own/<str:code>/", report_own.own, name="report_own"),
    path("own/<str:code>/correct/", report_own.correct, name="report_correct"),
    path("own/<str:code>/ask/", report_own.ask, name="report_ask"),
    path("m/<str:code>/", report.by_link, name="report_link"),
    path("<str:code>/", report.by_poster, name="report"),
]
