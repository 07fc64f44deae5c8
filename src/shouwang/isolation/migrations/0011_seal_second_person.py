"""Nobody approves the closing of a building that they proposed: said anew, since the approver may still be missing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("isolation", "0010_longer")]
    operations = [
        migrations.RemoveConstraint("seal", "seal_approved_by_somebody_else"),
        migrations.AddConstraint(
            "seal",
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("approved_by")),
                name="seal_approved_by_somebody_else",
            ),
        ),
    ]
