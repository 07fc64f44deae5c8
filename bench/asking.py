"""Asking for a page again and again."""

import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from bench.result import percentile

if TYPE_CHECKING:
    from django.test import Client


def p95_ms(client: "Client", address: str, times: int) -> float:
    """Milliseconds that nineteen of twenty requests do not exceed, through middleware, door, view and template."""
    durations = []
    for _ in range(times):
        begun = time.perf_counter()
        answer = client.get(address)
        durations.append(time.perf_counter() - begun)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return percentile(durations, 0.95) * 1000
