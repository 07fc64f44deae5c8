"""Pages that show how it stands: the wall, and the figures that reports are written from."""

from django.urls import path

from shouwang.desk.overview import figures, town, wall

urlpatterns = [
    path("wall/", wall.wall, name="wall"),
    path("wall/numbers/", wall.wall_numbers, name="wall_numbers"),
    path("wall/hours/", wall.wall_hours, name="wall_hours"),
    path("figures/", figures.figures, name="figures"),
    path("figures/town/", town.town, name="town"),
]
