"""Requests to have a code taken back exist only inside a scope that holds the area."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shouwang.access.models
import shouwang.screening.lists.models
from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0007_protect_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="listrow",
            name="candidates",
            field=models.JSONField(default=shouwang.screening.lists.models.none_yet),
        ),
        migrations.AlterField(
            model_name="listrow",
            name="doubts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120),
                default=shouwang.screening.lists.models.none_yet,
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="listrow",
            name="phone_digests",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BinaryField(), default=shouwang.screening.lists.models.none_yet, size=None
            ),
        ),
        migrations.AlterField(
            model_name="listrow",
            name="phones_sealed",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BinaryField(), default=shouwang.screening.lists.models.none_yet, size=None
            ),
        ),
        migrations.AlterField(
            model_name="listrow",
            name="why",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=24),
                default=shouwang.screening.lists.models.none_yet,
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="CodeRequest",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("area_code", shouwang.access.models.AreaCodeField(db_collation="C", max_length=23)),
                (
                    "colour",
                    models.CharField(blank=True, choices=[("yellow", "黄码"), ("red", "红码")], max_length=8),
                ),
                ("place", models.CharField(blank=True, max_length=80)),
                ("exposed", models.CharField(blank=True, max_length=40)),
                ("exposed_on", models.DateField(null=True)),
                ("papers", models.CharField(blank=True, max_length=160)),
                ("requested_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("verified_at", models.DateTimeField(null=True)),
                ("reported_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("converted", models.BooleanField(null=True)),
                ("reason", models.CharField(blank=True, max_length=160)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="code",
                        to="screening.listrow",
                    ),
                ),
                (
                    "verified_by",
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
                "indexes": [models.Index(fields=["area_code"], name="code_request_area")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("converted", None), ("ended_at", None)),
                            models.Q(("converted__isnull", False), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="code_ends_with_an_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("converted", None),
                            ("converted", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="code_refused_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("requested_at__lt", models.F("due_at"))),
                        name="code_due_after_it_was_requested",
                    ),
                ],
            },
        ),
        *protect("screening_coderequest"),
    ]
