"""A notice for the whole street is read in its communities; what was handed over and who read it is seen inside the area."""

from django.db import migrations

from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_notices"), ("access", "0002_protect")]
    operations = [
        *protect("outreach_handed", "outreach_noticeread"),
        *protect("outreach_notice", also_above=True),
    ]
