"""Seals are proposed and approved; oddities are settled with a word; relatives have a link; an objection may go further."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shouwang.access.models
from shouwang.access.policies import protect

# Who had closed a building so far had proposed and approved it at once.
APPROVED = "UPDATE isolation_seal SET proposed_at = from_at, approved_at = from_at"


class Migration(migrations.Migration):
    dependencies = [
        ("isolation", "0003_change"),
        ("plans", "0002_longer_name"),
        ("register", "0004_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OddityWord",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("area_code", shouwang.access.models.AreaCodeField(db_collation="C", max_length=23)),
                (
                    "what",
                    models.CharField(
                        choices=[("same", "体温一直不变"), ("quick", "一分钟量了太多户")], max_length=8
                    ),
                ),
                ("on", models.DateField()),
                ("words", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Relative",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("area_code", shouwang.access.models.AreaCodeField(db_collation="C", max_length=23)),
                ("name", models.CharField(max_length=40)),
                ("tail_digest", models.BinaryField()),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveField(
            model_name="objection",
            name="raised_at",
        ),
        migrations.AddField(
            model_name="need",
            name="answer_sealed",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="need",
            name="settled_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="after",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="above",
                to="isolation.objection",
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="approved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="seal",
            name="clean_round_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="seal",
            name="contacts_clear_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="seal",
            name="last_case_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="seal",
            name="plan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="plans.planversion",
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="proposed_at",
            field=models.DateTimeField(default=datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.UTC)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="seal",
            name="supply_point",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="seal",
            name="test_plan",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="seal",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="seal",
            name="withdrawn_reason",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="care",
            name="what",
            field=models.CharField(
                choices=[
                    ("begin", "上门告知"),
                    ("spot_check", "探访"),
                    ("welfare_call", "关心电话"),
                    ("waste", "收垃圾"),
                    ("release", "到期解除"),
                    ("welcome", "解除后问候"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="need",
            name="what",
            field=models.CharField(
                choices=[
                    ("food", "买菜买粮"),
                    ("goods", "日用品"),
                    ("medicine", "买药送药"),
                    ("doctor", "就医"),
                    ("dialysis", "透析"),
                    ("pregnancy", "产检"),
                    ("child", "照看孩子"),
                    ("elderly", "照看老人"),
                    ("pet", "照看宠物"),
                    ("counselling", "心理疏导"),
                    ("talk", "想说说话"),
                    ("other", "其他"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="seal",
            name="approved_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(APPROVED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", None)),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="seal_approved_by_somebody",
            ),
        ),
        migrations.AddField(
            model_name="oddityword",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="oddityword",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.person"
            ),
        ),
        migrations.AddField(
            model_name="oddityword",
            name="worker",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="relative",
            name="given_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="relative",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.household"
            ),
        ),
        *protect("isolation_oddityword", "isolation_relative"),
    ]
