"""What is about workers and about things of residents exists only inside a scope; anybody in the street may sign up."""

from django.db import migrations

from shouwang.access.policies import anybody_adds, protect

SCOPED = (
    "membership", "absence", "signup", "callup", "called", "post", "posthours", "shift", "turn", "arrival", "making",
    "thing", "passing",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("roster", "0001_initial"), ("access", "0002_protect")]
    operations = [*protect(*(f"roster_{table}" for table in SCOPED)), *anybody_adds("roster_signup")]
