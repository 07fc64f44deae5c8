"""The same matching on Spark: the statements that DuckDB runs, unchanged, give the same answers there.

    python -m bench.matching_spark [PEOPLE] [ROWS]

Needs pyspark and Java, which the product does not: install pyspark beside it and name its folder in PYTHONPATH. What
is shown is that the text runs and agrees; a cluster is another `--master` away (SPARK_MASTER).
"""

import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.district import DISTRICT, installed, owner
from bench.scratch import say
from bench.town import Founder

PEOPLE, ROWS = 12_500, 1_103
MADE = re.compile(r"CREATE TABLE (?P<table>\w+) AS\s+(?P<question>.*)", re.DOTALL)
TYPES = {"VARCHAR": "string", "BIGINT": "bigint", "INTEGER": "int", "DOUBLE": "double"}
SHARED = "number, person, household, round(score, 6), barred, number_says, name_says, phone_says, door_says"
ANSWER = f"SELECT {SHARED}, place FROM best ORDER BY number, place"


def main(people: int, rows: int) -> int:
    """Matches on both engines and compares line by line. Returns how many lines differ."""
    installed()
    with tempfile.TemporaryDirectory(prefix="swspark") as folder:
        expected, values = _on_duckdb(people, rows, Path(folder))
        answered = _on_spark(Path(folder), values)
    differing = sum(one != other for one, other in zip(expected, answered, strict=False))
    differing += abs(len(expected) - len(answered))
    say(f"{len(expected):,} candidates of {rows:,} rows; {differing} differ")
    return differing


def _on_duckdb(people: int, rows: int, folder: Path) -> tuple[list[tuple], dict[str, object]]:
    """The answers, and the tables that were given written out beside them."""
    from bench.pushed import Sender
    from bench.settled import clear, settle
    from shouwang.access.scope import scope
    from shouwang.register.matching import matching
    from shouwang.register.matching.tables import tables

    town = Founder(1).town(people, f"{DISTRICT}001001")
    with owner() as connection:
        clear(connection)
        settle([town], connection)
    pushed = [one.row for one in Sender(town, 1).rows(rows)]
    with scope([town.code]), tables() as held:
        matching.prepare(held, pushed, areas=[town.code], refused={})
        begun = time.perf_counter()
        matching.weigh(held)
        say(f"DuckDB: weighed in {time.perf_counter() - begun:.2f} s")
        for table in held.columns:
            held.connection.execute(
                f"COPY {table} TO '{folder / table}.csv' (HEADER, QUOTE '\"', FORCE_QUOTE *)"
            )
        return _lines(held.ask(ANSWER)), matching.limits(held)


def _on_spark(folder: Path, values: dict[str, object]) -> list[tuple]:
    from pyspark.sql import SparkSession

    from shouwang.register.matching.tables import columns_of_inputs, statements

    builder = SparkSession.builder.master(os.environ.get("SPARK_MASTER", "local[2]")).appName("matching")
    spark: Any = (
        builder.config("spark.sql.shuffle.partitions", 4)
        .config("spark.ui.enabled", False)
        .config("spark.ui.showConsoleProgress", False)
        .getOrCreate()
    )
    try:
        for table, columns in columns_of_inputs().items():
            schema = ", ".join(f"{name} {TYPES[kind]}" for name, kind in columns)
            path = str(folder / f"{table}.csv")
            read = spark.read.csv(path, schema=schema, header=True, nullValue="\0", emptyValue="")
            read.createOrReplaceTempView(table)
        begun = time.perf_counter()
        for statement in (*statements("pairs.sql", values), *statements("scores.sql", values)):
            made = MADE.fullmatch(statement)
            assert made, statement
            spark.sql(made["question"]).cache().createOrReplaceTempView(made["table"])
        answered = _lines([tuple(row) for row in spark.sql(ANSWER).collect()])
        say(f"Spark {spark.version}: paired and weighed in {time.perf_counter() - begun:.2f} s")
        return answered
    finally:
        spark.stop()


def _lines(rows: list[tuple]) -> list[tuple]:
    """Numbers of both engines made comparable."""
    return [tuple(float(cell) if isinstance(cell, int | float) else cell for cell in row) for row in rows]


if __name__ == "__main__":
    sys.exit(1 if main(*[int(word) for word in sys.argv[1:]] or (PEOPLE, ROWS)) else 0)
