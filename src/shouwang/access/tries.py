"""How often somebody tries something: counted exactly, across processes, under keyed digests that name nobody."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from shouwang.lib.sealing import sealer

# One statement, so that two tries at once are two. Each try also forgets two counts that are over.
COUNT = """
WITH over AS (
  DELETE FROM access_tries WHERE key IN (
    SELECT key FROM access_tries WHERE until <= %(at)s AND key <> %(key)s
    ORDER BY until LIMIT 2 FOR UPDATE SKIP LOCKED)
)
INSERT INTO access_tries AS tries (key, count, until) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN tries.until <= %(at)s THEN 1 ELSE tries.count + 1 END,
  until = CASE WHEN tries.until <= %(at)s THEN excluded.until ELSE tries.until END
RETURNING count
"""
SO_FAR = "SELECT count FROM access_tries WHERE key = %s AND until > %s"


def one_more(*what: str, within: timedelta, at: datetime) -> int:
    """Counts this try and says which it is: `one_more("check", address, within=…)`. The first one begins the time.

    Shape: call it outside the transaction of what is tried, so that a refusal does not take the count back.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": _key(what), "at": at, "until": at + within})
        return int(cursor.fetchone()[0])


def so_far(*what: str, at: datetime) -> int:
    """How many there were in the time that is running; counts nothing."""
    with connection.cursor() as cursor:
        cursor.execute(SO_FAR, [_key(what), at])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def sender(request: HttpRequest) -> str:
    """Where a request comes from: the address, of a long one the part that one household has.

    Shape: behind proxies of our own (`SHOUWANG_PROXIES` says how many) it is the one that the outermost of them saw.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        seen = passed[-min(settings.PROXIES, len(passed))].strip() or seen
    try:
        known = ip_address(seen)
    except ValueError:
        return seen
    return str(ip_network(f"{known}/64", strict=False)) if known.version == 6 else str(known)


def _key(what: tuple[str, ...]) -> bytes:
    return sealer(settings.SEALING_KEY_FILE).digest("tries", *what)
