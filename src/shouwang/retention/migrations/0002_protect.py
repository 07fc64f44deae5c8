"""What ends, what was destroyed and what stays sealed is seen inside its area alone; a certificate is never taken away."""

from django.db import migrations

from shouwang.access.policies import protect, take_away


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect("retention_closing", "retention_destroyed", "retention_evidence"),
        *take_away("DELETE, TRUNCATE", "retention_closing", "retention_destroyed"),
    ]
