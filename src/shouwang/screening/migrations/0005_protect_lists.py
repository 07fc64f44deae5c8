"""Lists and what was found out about their rows exist only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect

SCOPED = ("inquiry", "listrow", "check", "settlement", "referral", "notthisperson", "listreturn")


class Migration(migrations.Migration):
    dependencies = [("screening", "0004_lists"), ("access", "0002_protect")]
    operations = [
        *protect(*(f"screening_{table}" for table in SCOPED)),
        *protect("screening_pushedlist", also_above=True),
    ]
