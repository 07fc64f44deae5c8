"""What phones told of residents exists only inside a scope; nothing that was received is ever changed or taken out."""

from django.db import migrations

from shouwang.access.policies import protect, take_away

# Raw batches arrive compressed: PostgreSQL need not try again.
AS_IT_CAME = migrations.RunSQL(
    "ALTER TABLE devices_batch ALTER COLUMN raw SET STORAGE EXTERNAL", migrations.RunSQL.noop
)


class Migration(migrations.Migration):
    dependencies = [("devices", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect("devices_batch", "devices_quarantined"),
        *take_away("UPDATE, DELETE, TRUNCATE", "devices_batch"),
        *take_away("DELETE, TRUNCATE", "devices_event", "devices_quarantined"),
        AS_IT_CAME,
    ]
