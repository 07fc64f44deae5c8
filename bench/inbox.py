"""The inbox of a community with a hundred thousand matters: its page, through middleware, door, view and template."""

from datetime import timedelta

from bench.asking import p95_ms
from bench.district import EVENING, FIRST_COMMUNITY, installed, owner
from bench.result import Result, at_most
from bench.scratch import FULL_SIZE, say, size

TIMES, GOAL_MS, ROWS = 40, 150, 100_000
MATTERS = """
INSERT INTO inbox_matter (id, area_code, who, phone_sealed, phone_digest, phone_mask, way, words, messages, received_at, last_at,
  receipt, answered_at, handled_at, told_back_at, answer, done)
SELECT gen_random_uuid(), %(area)s || lpad((n %% 30 + 1)::text, 2, '0') || '001010001', '居民' || n, '',
       decode(md5((n %% 9000)::text), 'hex'), '139****' || lpad((n %% 10000)::text, 4, '0'), 'call', '楼上漏水，第' || n || '回', 1,
       t, t, '', CASE WHEN n %% 50 > 1 THEN t END, CASE WHEN n %% 50 > 1 THEN t END, CASE WHEN n %% 50 > 1 THEN t END, '', ''
FROM generate_series(1, %(rows)s) n, LATERAL (SELECT %(at)s - n * interval '1 minute' AS t) AS made
"""


def measure_inbox() -> list[Result]:
    """What waits, what is over, and one matter with what the same number said before; p95 of forty."""
    installed()
    rows = ROWS * size() // FULL_SIZE
    say(f"{rows:,} matters, one in twenty-five of them open")
    with owner() as connection:
        connection.execute(
            "INSERT INTO register_area (code, level, label) VALUES (%s, 'community', '社区')",
            [FIRST_COMMUNITY],
        )
        connection.execute(MATTERS, {"area": FIRST_COMMUNITY, "rows": rows, "at": EVENING})
        connection.execute("ANALYZE inbox_matter")
        one = connection.execute("SELECT id FROM inbox_matter WHERE told_back_at IS NULL LIMIT 1").fetchone()
    client = _secretary()
    return [
        at_most("inbox.waiting", p95_ms(client, "/inbox/", TIMES), "ms", GOAL_MS),
        at_most("inbox.over", p95_ms(client, "/inbox/?step=over", TIMES), "ms", GOAL_MS),
        at_most("inbox.matter", p95_ms(client, f"/inbox/{one[0]}/", TIMES), "ms", GOAL_MS),  # type: ignore[index]
    ]


def _secretary():  # type: ignore[no-untyped-def]
    from django.test import Client

    from shouwang.access.models import Grant, User

    user = User.objects.create_user("书记", name="书记", created_at=EVENING)
    Grant.objects.create(
        user=user, role="secretary", area_codes=[FIRST_COMMUNITY], from_at=EVENING - timedelta(days=30000)
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client
