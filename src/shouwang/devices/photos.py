"""A photograph of what happened: it comes after its event, loses its traces, and lies where the record of the event lies.

Nobody who may not see the record sees the photograph: its row is inside row-level security, and its file is reached by that row.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.roles import permissions_of
from shouwang.devices.envelope import Unread, decoders_of, read_event
from shouwang.devices.judging import Kinds
from shouwang.devices.log import quarantine, raw_of
from shouwang.devices.models import DIFFERS, DUPLICATE, STORED, UNREADABLE, Device, Event, Photo
from shouwang.lib.codes import community_of
from shouwang.lib.errors import Refusal
from shouwang.register.intake.files import keep
from shouwang.register.intake.pictures import NotAPhoto, without_traces
from shouwang.register.uploads import Upload

MOST_BYTES = 512 * 1024
MOST_OF_ONE = 3
KIND, NAME = "phone_photo", "photo.jpg"


class EventFirst(Refusal):
    code = "devices.event_first"
    sentence = "这张照片说的事还没有传上来，请先传那件事。"


class EnoughPhotos(Refusal):
    code = "devices.enough_photos"
    sentence = "这件事已经有 {most} 张照片了。"


def take(photo: UUID, event: UUID, body: bytes, kinds: Kinds, *, device: Device, at: datetime) -> str:
    """What became of a photograph, in the words of an event's outcome; told twice it is one. Inside the scope of its phone.

    Raises: EventFirst, EnoughPhotos, DiskFull.
    """
    told = Event.objects.filter(pk=event, device=device).select_related("worker").first()
    if told is None:
        raise EventFirst()
    try:
        picture = without_traces(body)
    except NotAPhoto as broken:
        quarantine([(Unread(body, broken.code), UNREADABLE)], device, at)
        return UNREADABLE
    digest = sha256(picture).digest()
    if Photo.objects.filter(pk=photo, event=event, digest=digest).exists():
        return DUPLICATE
    if Photo.objects.filter(event=event).count() >= MOST_OF_ONE:
        raise EnoughPhotos(most=MOST_OF_ONE)
    file = keep(picture, NAME, community=community_of(device.home), by=told.worker, at=at, kind=KIND)
    area = _where(told, file, kinds, device) or device.home
    row = Photo(
        id=photo, event=told, device=device, area_code=area, upload=file, digest=digest, received_at=at
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the first one of this id stays, wherever it lies
        quarantine([(Unread(body, "another photo has this id"), DIFFERS)], device, at)
        return DIFFERS
    audit("devices.take_photo", at=at, by=told.worker, area=area, device=device.pk, event=event, photo=photo)
    return STORED


def photos_of(events: Iterable[UUID]) -> QuerySet[Photo]:
    """What was photographed of these events and is still kept, in scope."""
    rows = Photo.objects.filter(event__in=events, upload__isnull=False)
    return rows.select_related("upload").order_by("received_at", "pk")


def _where(event: Event, file: Upload, kinds: Kinds, device: Device) -> str | None:
    """The area of the record that came of the event, if this phone may tell such things and its record is in scope."""
    kind = kinds.get(event.kind)
    if kind is None or kind.pictured is None or kind.permission not in permissions_of([device.role]):
        return None
    read = read_event(raw_of([event]).get(event.pk, b""), decoders_of({kind.name: kind}), device.pk)
    return None if isinstance(read, Unread) else kind.pictured(event.pk, read.said, file)
