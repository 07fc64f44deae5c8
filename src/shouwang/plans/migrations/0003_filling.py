from django.db import migrations, models

import shouwang.access.models


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0002_longer_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="planversion",
            name="area_code",
            field=shouwang.access.models.AreaCodeField(
                blank=True, db_collation="C", default="", max_length=23
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="filling",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="planversion",
            name="digest",
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(
                fields=("digest", "area_code", "filling"), name="one_version_of_each_text"
            ),
        ),
    ]
