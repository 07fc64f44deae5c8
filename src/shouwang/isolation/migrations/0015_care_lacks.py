# Until now what a home lacked stood with the order alone, as whoever looked last had told it.

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

TOLD = """
UPDATE isolation_care c SET lacks = o.home_unmet, note = ''
FROM isolation_order o WHERE o.id = c.order_id AND c.what = 'home'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("isolation", "0014_home_check"),
    ]

    operations = [
        migrations.AddField(
            model_name="care",
            name="lacks",
            field=ArrayField(base_field=models.CharField(max_length=80), default=list, size=None),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
    ]
