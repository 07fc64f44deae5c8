"""The audit may be added to from anywhere and read in scope; nobody changes it. The cache counts log-in tries."""

from django.db import migrations

from shouwang.access.policies import LIST_OF_MORE, protect_reading, take_away

CACHE = migrations.RunSQL(
    "CREATE TABLE access_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);"
    "CREATE INDEX access_cache_expires ON access_cache (expires);",
    "DROP TABLE access_cache;",
)


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [
        LIST_OF_MORE,
        *protect_reading("access_audit"),
        *take_away("UPDATE, DELETE, TRUNCATE", "access_audit"),
        CACHE,
    ]
