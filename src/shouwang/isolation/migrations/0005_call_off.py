"""A car that was planned may be called off, with a reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("isolation", "0004_pages")]

    operations = [
        migrations.AddField("transfer", "void_at", models.DateTimeField(null=True)),
        migrations.AddField("transfer", "void_reason", models.CharField(blank=True, max_length=200)),
    ]
