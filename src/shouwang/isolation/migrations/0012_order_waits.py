"""Requests that nobody has decided yet are few among orders: found without looking at all of these."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("isolation", "0011_seal_second_person")]
    operations = [
        migrations.AddIndex(
            "order",
            models.Index(
                fields=["lapses_at"],
                name="order_waits",
                condition=models.Q(("decided_at", None), ("released_at", None), ("withdrawn_at", None)),
            ),
        ),
    ]
