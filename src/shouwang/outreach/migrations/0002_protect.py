"""Who was told what exists only inside a scope; a channel is also seen by the areas below it, for which it is meant."""

from django.db import migrations

from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect("outreach_message", "outreach_delivery"),
        *protect("outreach_channel", also_above=True),
    ]
