"""The bare endpoint beside which batches are measured: the same decoder, one INSERT from one jsonb parameter, unique on id.

Served as `bench.bare:application` without middleware, log-in, scope, audit, duties or counts; durable like everything.
"""

import gc
import os

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import path

from shouwang.devices.envelope import ENVELOPE, SENDING

TABLE = """
CREATE TABLE bench_bare (id uuid PRIMARY KEY, device uuid, seq bigint, kind text, occurred_at timestamptz, payload jsonb);
GRANT INSERT, SELECT ON bench_bare TO PUBLIC
"""
INSERT = (
    "INSERT INTO bench_bare SELECT * FROM jsonb_to_recordset(%s::jsonb) AS told(id uuid, device uuid, seq bigint, kind text,"
    " occurred_at timestamptz, payload jsonb) ORDER BY id ON CONFLICT DO NOTHING RETURNING id"
)


def take(request: HttpRequest) -> HttpResponse:
    """Decoded event by event, one statement, committed."""
    from django.db import connection

    sending = SENDING.decode(request.body)
    rows = [
        {
            "id": event.event_id, "device": event.device_id, "seq": event.seq, "kind": event.kind,
            "occurred_at": event.occurred_at, "payload": event.payload,
        }
        for event in map(ENVELOPE.decode, sending.events)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [msgspec.json.encode(rows).decode()])
        new = [key for (key,) in cursor.fetchall()]
    answer = {"batch_id": sending.batch_id, "stored": new}
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json", status=201)


ONE = "SELECT id, role, area_codes, revoked_at FROM devices_device WHERE id = %s"
ANOTHER = "INSERT INTO bench_bare SELECT gen_random_uuid(), %s, %s, %s, %s, %s::jsonb"


def look_and_write(request: HttpRequest) -> HttpResponse:
    """One SELECT, one INSERT: what a gate cannot do with less."""
    from django.db import connection

    event = ENVELOPE.decode(request.body)
    with connection.cursor() as cursor:
        cursor.execute(ONE, [event.device_id])
        known = cursor.fetchone() is not None
        said = bytes(event.payload).decode()
        cursor.execute(ANOTHER, [event.device_id, event.seq, event.kind, event.occurred_at, said])
    answer = {"event_id": event.event_id, "known": known}
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json")


urlpatterns = [path("api/v1/events", take), path("bare", look_and_write)]

if os.environ.get("SHOUWANG_BENCH_BARE"):
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    settings.MIDDLEWARE = []
    settings.ROOT_URLCONF = "bench.bare"
    application.load_middleware()
    gc.freeze()
    gc.set_threshold(50_000)  # as what stands beside it
