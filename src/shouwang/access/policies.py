"""Row-level security for tables with residents in them, as migration operations."""

from django.db.migrations.operations import RunSQL

from shouwang.access.scope import MORE, SLOTS


def _inside(column: str) -> str:
    """The envelope lets an index be used; then one of four ranges, or one of a list where somebody has more."""

    def between(low: str, high: str) -> str:
        return (
            f"{column} >= current_setting('shouwang.{low}', true) "
            f"AND {column} < current_setting('shouwang.{high}', true)"
        )

    slots = [f"({between(f'lo{slot}', f'hi{slot}')})" for slot in range(SLOTS)]
    return f"{between('lo', 'hi')} AND ({' OR '.join(slots)} OR access_in_more({column}))"


def _above(column: str) -> str:
    """The area holds all of one of the ranges."""
    lows = (f"current_setting('shouwang.lo{slot}', true)" for slot in range(SLOTS))
    return "(" + " OR ".join(f"starts_with({low}, {column})" for low in lows) + ")"


def protect(*tables: str, also_above: bool = False) -> list[RunSQL]:
    """Rows of these tables exist only inside a scope that holds their `area_code`.

    `also_above` lets people read, not write, what is said of the areas that theirs lie in: who answers for the whole
    compound. The owner role is not bound, so that migrations, backup and restore see everything.
    """
    inside = _inside("area_code")
    seen = f"({inside}) OR {_above('area_code')}" if also_above else inside
    return [
        RunSQL(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; "
            f"CREATE POLICY in_scope ON {table} USING ({inside}) WITH CHECK ({inside});"
            f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen});",
            f"DROP POLICY seen ON {table}; DROP POLICY in_scope ON {table}; "
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        )
        for table in tables
    ]


def protect_reading(*tables: str) -> list[RunSQL]:
    """Anybody may add a row; it is read only inside a scope that holds its area."""
    return [
        RunSQL(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; "
            f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK (true);"
            f"CREATE POLICY in_scope ON {table} FOR SELECT USING ({_inside('area_code')});",
            f"DROP POLICY added ON {table}; DROP POLICY in_scope ON {table}; "
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        )
        for table in tables
    ]


def anybody_adds(*tables: str) -> list[RunSQL]:
    """Beside `protect`: anybody may also add a row from the street, where nobody can read one."""
    return [
        RunSQL(
            f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK (true);", f"DROP POLICY added ON {table};"
        )
        for table in tables
    ]


def take_away(rights: str, *tables: str) -> list[RunSQL]:
    """Takes from the app role rights that it has by default (`UPDATE, DELETE`): these rows are never changed."""
    return [
        RunSQL(
            f"""
            DO $$ DECLARE app name; BEGIN
              FOR app IN SELECT DISTINCT grantee FROM information_schema.role_table_grants
                WHERE table_schema = 'public' AND table_name = '{table}' AND grantee <> current_user LOOP
                EXECUTE format('REVOKE {rights} ON {table} FROM %I', app);
              END LOOP;
            END $$;
            """,
            "",
        )
        for table in tables
    ]


LIST_OF_MORE = RunSQL(
    f"""
    CREATE FUNCTION access_in_more(code text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
    DECLARE ends text[];
    BEGIN
      IF coalesce(current_setting('{MORE}', true), '') IN ('', '{{}}') THEN RETURN false; END IF;
      ends := current_setting('{MORE}', true)::text[];
      FOR slot IN 1 .. array_length(ends, 1) BY 2 LOOP
        IF code >= ends[slot] COLLATE "C" AND code < ends[slot + 1] COLLATE "C" THEN RETURN true; END IF;
      END LOOP;
      RETURN false;
    END $$;
    """,
    "DROP FUNCTION access_in_more(text);",
)
