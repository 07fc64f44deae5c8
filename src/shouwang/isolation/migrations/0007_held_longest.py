from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("isolation", "0006_outside_and_above"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    ("decided_at__isnull", False), ("released_at", None), ("withdrawn_at", None)
                ),
                fields=["decided_at", "area_code"],
                name="order_held_longest",
            ),
        ),
    ]
