"""Somebody of another compound finds nobody: not by searching, not in history, not among the jobs."""

import json

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.register.finding.keys import household_keys, person_keys
from shouwang.register.finding.search import search, write_keys
from shouwang.register.models import Household, Person
from tests.world import CHUNHUI, DIANLI, JIANXIN, XIANGYUN, World


def made_findable() -> None:
    """Names and doors can be searched, and every row has a history."""
    with scope([""]):
        Person.objects.update(note="有历史")
        for person in Person.objects.select_related("household"):
            door = person.household
            write_keys("person_id", [(person.pk, person.area_code, person_keys(person.name, "", []))])
            keys = household_keys(door.compound, door.building, door.unit, door.room)
            write_keys("household_id", [(door.pk, door.area_code, keys)])


def test_searching_finds_nobody_of_another_compound(world: World) -> None:
    made_findable()
    for own, other in ((CHUNHUI, DIANLI), (JIANXIN, XIANGYUN), (DIANLI, CHUNHUI)):
        with scope([own]):
            hits = [
                hit for word in ("住户", "zhuhu", "1-1-101", "1-101") for hit in search(word, codes=[own])
            ]
            assert hits
            # Asking for somebody else's area in the words of the search changes nothing.
            hits += [hit for word in ("住户", "1-1-101") for hit in search(word, codes=[own, other])]
            assert [hit for hit in hits if not hit.area_code.startswith(own)] == []


def test_history_shows_nobody_of_another_compound(world: World) -> None:
    made_findable()
    with scope([CHUNHUI]), connection.cursor() as cursor:
        cursor.execute("SELECT area_code FROM register_personevent")
        codes = {code for (code,) in cursor.fetchall()}
    assert codes
    assert {code for code in codes if not code.startswith(CHUNHUI)} == set()


def test_jobs_carry_ids_and_no_names(world: World) -> None:
    jobs.close_days.defer(timestamp=0)
    said = json.dumps(list(ProcrastinateJob.objects.values_list("task_name", "args")))
    with scope([""]):
        for name in Person.objects.values_list("name", flat=True):
            assert name not in said
        assert Household.objects.exists()
    assert "close_days" in said
