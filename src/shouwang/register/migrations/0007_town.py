"""An area says in which province and city it lies, where its code is provisional and says neither."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0006_refused_as")]
    operations = [
        migrations.AddField(
            model_name="area",
            name="city",
            field=models.CharField(blank=True, db_default="", default="", max_length=24),
        ),
        migrations.AddField(
            model_name="area",
            name="province",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
    ]
