"""What people said is seen inside its area alone; what was answered for a whole street is read in its communities."""

from django.db import migrations

from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect("inbox_matter", "inbox_said"),
        *protect("inbox_question", also_above=True),
    ]
