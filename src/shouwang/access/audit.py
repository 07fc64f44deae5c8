"""One line per action, written in the same transaction as what it tells of."""

import json
from datetime import datetime

from django.db import connection

from shouwang.access.models import User

# Without RETURNING: whoever acts may add a line about an area that they may not read.
ADD = (
    "INSERT INTO access_audit (at, user_id, action, area_code, reason, about) VALUES (%s, %s, %s, %s, %s, %s)"
)


def record(
    action: str, *, at: datetime, by: User | None = None, area: str = "", reason: str = "", **about: object
) -> None:
    """Writes down who did what, where and why.

    Shape: `about` holds numbers, codes and identities, never names, ID numbers or phones.
    """
    with connection.cursor() as cursor:
        cursor.execute(ADD, [at, by.pk if by else None, action, area, reason, json.dumps(about, default=str)])
