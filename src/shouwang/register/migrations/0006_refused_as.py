from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0005_unchecked")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="refused_as",
            field=models.JSONField(default=dict),
        ),
    ]
