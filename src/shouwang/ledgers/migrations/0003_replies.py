"""Extra questions know where they are asked, and what was answered is kept with the visit or talk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shouwang.access.models
from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [
        ("ledgers", "0002_protect"),
        ("access", "0002_protect"),
        ("register", "0004_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="where",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_code", shouwang.access.models.AreaCodeField(db_collation="C", max_length=23)),
                ("about", models.UUIDField()),
                ("inquiry", models.UUIDField(null=True)),
                ("value", models.CharField(max_length=80)),
                ("amount", models.IntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.household",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="ledgers.question",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("question", "about"), name="replied_once")],
            },
        ),
        *protect("ledgers_reply"),
    ]
