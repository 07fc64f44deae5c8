"""Tries are counted for a while under keyed digests; a table without a model: one statement reads and writes it."""

from django.db import migrations

TRIES = migrations.RunSQL(
    "CREATE TABLE access_tries (key bytea PRIMARY KEY, count integer NOT NULL, until timestamptz NOT NULL);"
    "CREATE INDEX access_tries_until ON access_tries (until);",
    "DROP TABLE access_tries;",
)


class Migration(migrations.Migration):
    dependencies = [("access", "0003_card")]
    operations = [TRIES]
