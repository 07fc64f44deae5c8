"""A photograph that came after its event: seen only by whoever sees the area of its record."""

import django.db.models.deletion
from django.db import migrations, models

import shouwang.access.models
from shouwang.access.policies import protect


def _unchecked(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=model,
    )


class Migration(migrations.Migration):
    dependencies = [("devices", "0004_storekeeper"), ("register", "0007_town")]
    operations = [
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("area_code", shouwang.access.models.AreaCodeField(db_collation="C", max_length=23)),
                ("digest", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("device", _unchecked("devices.device")),
                ("event", _unchecked("devices.event")),
                (
                    "upload",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.upload",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["event"], name="photo_of_event")]},
        ),
        *protect("devices_photo"),
    ]
