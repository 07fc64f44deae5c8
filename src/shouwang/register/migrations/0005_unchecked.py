"""Newcomers told at the door stand in the register at once, and are known as unchecked until somebody has looked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0004_history")]
    operations = [
        migrations.AddField(
            model_name="person",
            name="unchecked_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("unchecked_since__isnull", False)),
                fields=["area_code"],
                name="person_unchecked",
            ),
        ),
    ]
