"""What the tables promise: residents exist only inside a scope, and everything personal has an end."""

from itertools import groupby

import psycopg
import pytest
from django.core.management import call_command

from shouwang.catalogue import RETENTION

# Tables with an area that say nothing of any resident.
MAPS = {
    "outreach_office",
    "plans_activation",
    "plans_planversion",
    "register_area",
    "register_grid",
    "register_gridarea",
}
MAPS |= {"screening_poster", "screening_receipt"}  # the labels of doors; digests that name nobody
# Tables without personal data; a new table stands here or has a retention rule in the catalogue.
NOTHING_PERSONAL = {
    "access_cache": "tries to log in, counted under keyed digests, forgotten within minutes",
    "access_grant": "roles of accounts",
    "access_tries": "tries of whoever, counted under keyed digests, forgotten within a day",
    "duties_account": "numbers",
    "duties_dayclose": "days",
    "outreach_callcode": "that four digits are good for a phone, as a digest that names neither; gone after two days",
    "outreach_channel": "gateways, their keys sealed",
    "outreach_office": "a community's telephone, as on its door",
    "ledgers_answer": "what a heading means",
    "ledgers_form": "forms of those above",
    "ledgers_question": "what a form asks and nothing records",
    "ledgers_report": "what is owed each day, as areas and hours",
    "ledgers_version": "headings and hours of blank forms",
    "plans_activation": "which plan holds where",
    "plans_planversion": "plans",
    "register_area": "the map",
    "register_grid": "the map",
    "register_gridarea": "the map",
    "register_sheetshape": "headings of columns",
    "screening_poster": "where a sheet hangs, and the labels of its doors",
    "roster_post": "places of work",
    "roster_posthours": "when places of work are open",
    "roster_shift": "when how many people are needed where",
    "screening_round": "what was asked of whom, as areas and filters",
    "django_content_type": "names of tables",
    "django_migrations": "names of changes",
    "auth_group": "not used",
    "auth_group_permissions": "not used",
    "auth_permission": "not used",
}
# Accounts of workers that log-in keeps beside their user, and jobs, which carry ids only.
WITH_THE_ACCOUNT = ("account_", "mfa_", "django_session")
IDS_ONLY = ("procrastinate_",)

COLUMNS = """
SELECT c.relname, c.relrowsecurity, pg_get_userbyid(c.relowner),
       EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attname = 'area_code'
ORDER BY 1
"""


@pytest.fixture(scope="module")
def tables(owner: psycopg.Connection) -> set[str]:
    rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


def test_every_table_with_residents_is_closed_outside_a_scope(owner):
    found = owner.execute(COLUMNS).fetchall()
    assert len(found) > 15
    closed = {name for name, secured, _, policy in found if secured and policy}
    assert {name for name, *_ in found} - closed - MAPS == set()


def test_the_app_owns_no_table(owner):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (app,) = cursor.fetchone()
    assert app not in {keeper for _, _, keeper, _ in owner.execute(COLUMNS).fetchall()}
    (owned,) = owner.execute(
        "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", [app]
    ).fetchone()
    assert owned == 0


def test_everything_personal_has_a_retention_rule(tables):
    ruled = [rule.store for rule in RETENTION]
    assert [store for store, group in groupby(sorted(ruled)) if len(list(group)) > 1] == []
    free = {
        name for name in tables if name in NOTHING_PERSONAL or name.startswith(WITH_THE_ACCOUNT + IDS_ONLY)
    }
    assert tables - set(ruled) - free == set()
    assert set(ruled) & set(NOTHING_PERSONAL) == set()


def test_retention_names_tables_and_folders_that_exist(tables):
    from django.conf import settings

    stores = {rule.store for rule in RETENTION}
    assert {store for store in stores if not store.endswith("/")} <= tables
    assert settings.MEDIA_ROOT.relative_to(settings.DATA).as_posix() + "/" in stores


def test_every_change_of_a_model_has_its_migration(capsys):
    call_command("makemigrations", check=True, dry_run=True)
    assert "No changes detected" in capsys.readouterr().out
