"""What waits is asked for by its phone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0002_protect")]
    operations = [
        migrations.RemoveIndex(model_name="event", name="event_waits_for"),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["device"], name="event_waits", condition=models.Q(outcome="held")),
        ),
    ]
