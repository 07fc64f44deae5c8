"""The addresses at the door: short, because people type them."""

from django.urls import path

from shouwang.desk.door import entering, handing_out, my_day, on_paper, telling

urlpatterns = [
    path("", my_day.day, name="door"),
    path("in/", entering.enter, name="door_enter"),
    path("in/<str:code>/", entering.enter, name="door_enter_code"),
    path("told/", telling.told, name="door_told"),
    path("<int:pk>/", my_day.household, name="door_household"),
    path("<int:pk>/call/", my_day.call, name="door_call"),
    path("<int:pk>/lead/", my_day.call_lead, name="door_call_lead"),
    path("cards/", handing_out.choose, name="door_cards"),
    path("cards/<int:pk>/back/", handing_out.take_back, name="door_card_back"),
    path("sheets/", on_paper.sheets, name="door_sheets"),
    path("sheets/print/", on_paper.print_sheet, name="door_sheet"),
    path("sheets/keying/", on_paper.keying, name="door_keying"),
]
