"""How many duties began and ended in which hour, for the line of the day."""

from pathlib import Path

from django.db import migrations, models

from shouwang.access.models import AreaCodeField
from shouwang.access.policies import protect, take_away

HOURS = (Path(__file__).parent.parent / "hours.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("duties", "0004_about")]
    operations = [
        migrations.CreateModel(
            name="Hour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("width", models.SmallIntegerField()),
                ("hour", models.DateTimeField()),
                ("area_code", AreaCodeField(db_collation="C", max_length=19)),
                ("kind", models.CharField(max_length=32)),
                ("due_at", models.DateTimeField()),
                ("fact", models.CharField(max_length=6)),
                ("amount", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("width", "hour", "area_code", "kind", "due_at", "fact"),
                        name="counted_by_the_hour",
                    )
                ]
            },
        ),
        *protect("duties_hour"),
        *take_away("INSERT, UPDATE, DELETE, TRUNCATE", "duties_hour"),
        migrations.RunSQL(
            HOURS,
            "DROP FUNCTION duties_hours_of_new() CASCADE; DROP FUNCTION duties_hours_of_changed() CASCADE;"
            "DROP FUNCTION duties_ended_at(text, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz);",
        ),
    ]
