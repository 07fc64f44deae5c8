"""Outside a scope there is nobody; inside there is nobody else; and what held before comes back."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from shouwang.access.actions import KeptRole, MoreThanOwn, end_grant, grant
from shouwang.access.models import Audit, Grant
from shouwang.access.scope import NoGrant, everything, grants_of, scope
from shouwang.duties.models import Duty
from shouwang.duties.windows import Window
from shouwang.lib.codes import LEVELS, child, merged, subtree
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Household, Person
from shouwang.screening.actions import Seen, open_round, record_visits
from tests.world import BUILDING_1, BUILDING_2, CHUNHUI, DIANLI, JIANXIN, MORNING, XIANGYUN, World, at


def protected_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def filled(world: World) -> None:
    """Something in as many scoped tables as a morning fills."""
    with scope([""]):
        Household.objects.update(note="有人")
        open_round(
            XIANGYUN,
            kind="screening.visit",
            title="走访",
            window=Window(at(21, 8), at(22, 0)),
            by=None,
            at=at(21, 8),
        )
        record_visits([Seen(world.doors["电力楼院 1-1-101"].pk, at(21, 9))], by=None, at=at(21, 9))


def rows_in(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_without_a_scope_every_table_with_residents_is_empty(world: World, owner: psycopg.Connection) -> None:
    filled(world)
    tables = protected_tables()
    full = [name for name in tables if owner.execute(f"SELECT count(*) FROM {name}").fetchone() != (0,)]
    assert {
        "register_household",
        "register_person",
        "register_householdevent",
        "duties_duty",
        "screening_visit",
    } <= set(full)
    assert [name for name in tables if rows_in(name)] == []


def test_inside_a_scope_nobody_of_another_community_is_there(world: World) -> None:
    filled(world)
    with scope([JIANXIN]):
        for table in protected_tables():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {table} WHERE area_code LIKE %s", [XIANGYUN + "%"])
                assert cursor.fetchone() == (0,), table
        assert Household.objects.count() == 2


def test_nested_scopes_put_back_what_held(world: World) -> None:
    def doors() -> int:
        return Household.objects.count()

    with scope([XIANGYUN]):
        assert doors() == 15
        with scope([BUILDING_2]):
            assert doors() == 4
            with scope([JIANXIN]):
                assert doors() == 2
            assert doors() == 4
        assert doors() == 15
        with pytest.raises(ZeroDivisionError), scope([BUILDING_1]):
            raise ZeroDivisionError
        assert doors() == 15
        with pytest.raises(ProgrammingError), scope([BUILDING_1]), connection.cursor() as cursor:
            cursor.execute("SELECT nothing_like_this FROM register_household")
        assert doors() == 15
    assert doors() == 0


def test_a_scope_does_not_leak_into_the_next_transaction(world: World) -> None:
    with scope([XIANGYUN]):
        assert Household.objects.exists()
    with transaction.atomic():
        assert not Household.objects.exists()


def test_somebody_with_many_separate_areas_sees_just_these(world: World) -> None:
    with scope([""]):
        codes = sorted(Household.objects.values_list("area_code", flat=True))
    scattered = codes[::2]
    assert len(merged(scattered)) > 4
    with scope(scattered):
        assert sorted(Household.objects.values_list("area_code", flat=True)) == scattered


@given(st.lists(st.sampled_from(["01", "02", "03", "07"]), min_size=0, max_size=3), st.data())
def test_merged_ranges_hold_just_these_subtrees(parts, data) -> None:
    codes = [XIANGYUN + part + "".join(["001"] * data.draw(st.integers(0, 1))) for part in parts]
    probes = {
        XIANGYUN[:9],
        XIANGYUN,
        *codes,
        *(child(XIANGYUN, n) for n in range(1, 9)),
        *(c + "0501" for c in codes),
    }
    ranges = merged(codes)
    for probe in probes:
        inside = any(probe.startswith(code) for code in codes)
        assert any(low <= probe < high for low, high in ranges) == inside
    assert ranges == sorted(ranges)
    assert {len(code) for code in codes} <= set(LEVELS)


def test_a_row_cannot_be_written_outside_the_scope(world: World) -> None:
    door = world.doors["建新小区 1-1-101"]
    with pytest.raises(ProgrammingError), scope([XIANGYUN]):
        Person.objects.create(household_id=door.pk, area_code=door.area_code, name="外人", added_at=MORNING)
    with scope([XIANGYUN]):
        assert Household.objects.filter(pk=door.pk).update(note="改") == 0


def test_a_door_that_somebody_names_is_looked_up_in_scope_first(world: World) -> None:
    with pytest.raises(NotInScope), scope([XIANGYUN]):
        record_visits([Seen(world.doors["建新小区 1-1-101"].pk, at(21, 9))], by=None, at=at(21, 9))


@pytest.mark.parametrize("table", ["duties_count", "duties_entry"])
def test_the_app_role_cannot_write_the_books(world: World, table: str) -> None:
    filled(world)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET kind = 'x'", f"TRUNCATE {table}"):
        with pytest.raises(ProgrammingError), scope([""]), connection.cursor() as cursor:
            cursor.execute(statement)


def test_nobody_changes_the_audit_or_history(world: World) -> None:
    filled(world)
    for statement in ("DELETE FROM access_audit", "UPDATE access_audit SET reason = ''"):
        with pytest.raises(ProgrammingError), scope([""]), connection.cursor() as cursor:
            cursor.execute(statement)
    with scope([XIANGYUN]), connection.cursor() as cursor:
        cursor.execute("SELECT note FROM register_householdevent")
        assert {note for (note,) in cursor.fetchall()} == {""}


def test_history_says_who_changed_what(world: World) -> None:
    with scope([XIANGYUN], by=world.users["书记刘"]):
        Household.objects.filter(pk=world.doors["电力楼院 1-1-101"].pk).update(note="改过")
        Household.objects.filter(pk=world.doors["电力楼院 1-1-102"].pk).update(note="也改过")
    with scope([XIANGYUN]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT metadata->'user', count(*) FROM register_householdevent e"
            " JOIN pghistory_context c ON c.id = e.pgh_context_id GROUP BY 1"
        )
        assert cursor.fetchall() == [(str(world.users["书记刘"].pk), 2)]


def test_everything_is_written_down_with_its_reason(world: World) -> None:
    with everything("转办", at=at(21, 9)):
        assert Household.objects.count() == 17
        assert Audit.objects.filter(action="access.everything", reason="转办").count() == 1


def test_grants_hold_in_their_time_and_area_only(world: World) -> None:
    secretary = world.users["书记刘"]
    held = grants_of(secretary, permission="day.close", now=at(21, 9))
    assert held.codes == (XIANGYUN,)
    assert held.require_area(BUILDING_1) == BUILDING_1
    with pytest.raises(NotInScope):
        held.require_area(JIANXIN)
    with pytest.raises(NoGrant):
        grants_of(world.users["李楼长"], permission="day.close", now=at(21, 9))
    with pytest.raises(NoGrant):
        grants_of(secretary, permission="day.close", now=MORNING - timedelta(days=2))


def test_nobody_gives_what_they_do_not_have_and_auditors_stay(world: World) -> None:
    secretary = grants_of(world.users["书记刘"], permission="grant.edit", now=at(21, 9))
    lead = world.users["李楼长"]
    given = grant(lead, role="grid_lead", areas=[CHUNHUI], at=at(21, 9), by=secretary)
    assert Grant.objects.in_force(at(21, 10)).filter(user=lead).count() == 2
    end_grant(given, at=at(21, 11), by=secretary)
    assert Grant.objects.in_force(at(21, 12)).filter(user=lead).count() == 1
    with pytest.raises(MoreThanOwn):
        grant(lead, role="building_lead", areas=[JIANXIN], at=at(21, 9), by=secretary)
    auditor = grant(lead, role="auditor", areas=[XIANGYUN], at=at(21, 9), by=None)
    with pytest.raises(KeptRole):
        end_grant(auditor, at=at(21, 10), by=secretary)
    with pytest.raises(KeptRole):
        grant(lead, role="auditor", areas=[XIANGYUN], at=at(21, 9), by=secretary)


def test_the_plan_of_a_page_of_doors_uses_the_index(world: World) -> None:
    with scope([DIANLI]), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        low, high = subtree(DIANLI)
        sql, params = Duty.objects.filter(
            area_code__gte=low, area_code__lt=high, fact="owed"
        ).query.sql_with_params()
        cursor.execute("EXPLAIN " + sql, params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "duty_owed_in_area" in plan
    assert "Index Cond" in plan
