import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shouwang.access.models
from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [
        ("isolation", "0009_regular"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Longer",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("area_code", shouwang.access.models.AreaCodeField(db_collation="C", max_length=23)),
                ("was_until", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                ("document", models.CharField(max_length=60)),
                ("proposed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="longer",
                        to="isolation.seal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("was_until"))), name="longer_is_longer"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proposed_by", models.F("approved_by")), _negated=True),
                        name="longer_approved_by_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("approved_at", None)), fields=("seal",), name="longer_one_waits"
                    ),
                ],
            },
        ),
        *protect("isolation_longer"),
    ]
