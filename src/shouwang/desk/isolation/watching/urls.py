"""What is looked at rather than done: odd readings, doors that nothing reaches, pictures. Listed by hand."""

from django.urls import path

from shouwang.desk.isolation.watching import oddities, pictures, reached

urlpatterns = [
    path("oddities/", oddities.listed, name="oddities"),
    path("oddities/settle/", oddities.settled, name="oddity_settle"),
    path("reached/", reached.listed, name="doors_reached"),
    path("pictures/", pictures.drawn, name="isolation_pictures"),
]
