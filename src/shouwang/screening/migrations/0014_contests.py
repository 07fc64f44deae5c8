"""Whoever is under no order contests a category, a refused code, or being asked to wait at home."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shouwang.access.models
from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0013_referral_of_isolated"),
        ("access", "0002_protect"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Contest",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("area_code", shouwang.access.models.AreaCodeField(db_collation="C", max_length=23)),
                (
                    "against",
                    models.CharField(
                        choices=[
                            ("category", "定的类别"),
                            ("code", "转码没有通过"),
                            ("hold", "请您留在家里"),
                        ],
                        max_length=8,
                    ),
                ),
                ("decision", models.UUIDField()),
                ("words", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(null=True)),
                ("upheld", models.BooleanField(null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "after",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="above",
                        to="screening.contest",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["decision"], name="contest_decision"),
                    models.Index(
                        condition=models.Q(("at", None)), fields=["area_code"], name="contest_unanswered"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("after", None)),
                        fields=("decision",),
                        name="contest_once_before_the_level_above",
                    )
                ],
            },
        ),
        *protect("screening_contest"),
    ]
