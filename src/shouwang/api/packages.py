"""A package on its way to a phone: signed, compressed, and not sent twice."""

import gzip
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from shouwang.access.signing import sign
from shouwang.api.doors import NoMore
from shouwang.catalogue import PACKAGE_PARTS
from shouwang.devices.models import Device
from shouwang.devices.package import package

LEVEL = 6


def packed(request: HttpRequest, device: Device, since: str, now: datetime) -> HttpResponse:
    """The package as bytes with their signature; 304 where the phone holds it. Raises: NoMore."""
    held = request.headers.get("If-None-Match", "").strip('W/" ')
    made = package(device, PACKAGE_PARTS, since=since or held, now=now)
    if made is None:
        raise NoMore()
    if not made.body:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(made.body, content_type="application/json")
        answer["X-Signature"] = sign(made.body)
    if made.body and "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.content = gzip.compress(made.body, LEVEL, mtime=0)
        answer["Content-Encoding"] = "gzip"
    answer["ETag"] = f'"{made.version}"'
    answer["X-Server-Time"] = now.isoformat()
    answer["Cache-Control"] = "private, no-store"
    answer["Vary"] = "Authorization, Accept-Encoding"
    return answer
