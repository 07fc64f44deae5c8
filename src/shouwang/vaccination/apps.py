"""Vaccination drives: who is called, what they say, how many of which age are vaccinated."""

from django.apps import AppConfig


class VaccinationConfig(AppConfig):
    name = "shouwang.vaccination"
    verbose_name = "疫苗接种"
