"""Residents exist only inside a scope, in history as in the present; a new row stands for itself."""

from django.db import migrations

from shouwang.access.policies import protect

RESIDENTS = ("household", "person", "residence", "place", "searchkey", "merge", "notthesame")
HISTORIES = ("householdevent", "personevent", "placeevent")
ANSWERING = ("helper", "helperevent", "responsibility", "responsibilityevent")

STANDS_FOR_ITSELF = """
CREATE FUNCTION register_stands_for_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.kept_id := coalesce(NEW.kept_id, NEW.id);
  RETURN NEW;
END $$;
""" + "".join(
    f"CREATE TRIGGER a_stands_for_itself BEFORE INSERT ON register_{table} "
    "FOR EACH ROW EXECUTE FUNCTION register_stands_for_itself();"
    for table in ("household", "person", "place")
)


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect(*(f"register_{table}" for table in RESIDENTS + HISTORIES)),
        *protect(*(f"register_{table}" for table in ANSWERING), also_above=True),
        migrations.RunSQL(STANDS_FOR_ITSELF, "DROP FUNCTION register_stands_for_itself() CASCADE;"),
    ]
