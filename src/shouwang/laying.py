"""The tables of this version, as the role that owns them: laid in one go where there are none, migrated step by step where there are.

`python -m shouwang.laying`. Step by step, Django draws every model anew after each of some six hundred changes, which took over a
minute for tables that nobody has written to; laid in one go it is four seconds. Both come to the same:
`tests/keeping/test_laying.py` compares them, down to rights and policies.
"""

from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import CreateModel, RunPython, RunSQL
from django.db.migrations.state import ProjectState
from django.db.models import Model

QUEUE = "procrastinate"  # its migrations use what they have just committed, so they go one by one


def bring_up_to_date() -> None:
    """Lays or migrates, whichever is needed."""
    from django.core.management import call_command

    executor = MigrationExecutor(connection)
    if any(app != QUEUE for app, _name in executor.loader.applied_migrations):
        call_command("migrate", verbosity=0)
    else:
        call_command("migrate", QUEUE, verbosity=0)
        lay(MigrationExecutor(connection))


def lay(executor: MigrationExecutor) -> None:
    """All tables as they are today, then what models do not say (rules, triggers, rights), in the order of the migrations."""
    plan = [one for one, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    today = executor.loader.project_state()
    executor.recorder.ensure_schema()
    with connection.schema_editor(atomic=True) as editor:
        for model in _models(plan, today):
            editor.create_model(model)
        for statement in editor.deferred_sql:  # references, once all tables are there
            editor.execute(statement)
        editor.deferred_sql.clear()
        for migration in plan:
            for operation in migration.operations:
                if isinstance(operation, RunSQL | RunPython):
                    operation.database_forwards(migration.app_label, editor, today, today)
            executor.recorder.record_applied(migration.app_label, migration.name)


def _models(plan: Iterable[Migration], today: ProjectState) -> Iterator[type[Model]]:
    """Every model that a table is made for, as it is today, once."""
    created = (
        (operation, (migration.app_label, operation.name_lower))
        for migration in plan
        for operation in migration.operations
        if isinstance(operation, CreateModel)
    )
    for key, operation in {key: operation for operation, key in created if key in today.models}.items():
        model = today.apps.get_model(*key)
        if operation.allow_migrate_model(connection.alias, model):
            yield model


if __name__ == "__main__":
    import django

    django.setup()
    bring_up_to_date()
