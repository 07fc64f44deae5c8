"""The way in for phones: a session of ours, the phone's own row, a scope in which just its areas exist.

HTTP speaks of who and of overload alone. What became of single events stands in the answer to their batch.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from random import randint

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from psycopg.errors import DeadlockDetected, LockNotAvailable

from shouwang.access.scope import scope
from shouwang.devices import tokens
from shouwang.devices.models import Device
from shouwang.lib.errors import Refusal

AGAIN_S = (5, 30)  # so long phones wait, each another while, when the database is away


class NotLetIn(Refusal):
    code = "api.not_let_in"
    sentence = "请用这部手机的密钥再登录一次。"
    status = 401


class Revoked(Refusal):
    code = "api.revoked"
    sentence = "这部手机已经停用。请找社区再登记一次。没传的记录还在手机里。"
    status = 401


class Wipe(Refusal):
    code = "api.wipe"
    sentence = "这部手机已经停用，里面的资料要清掉。"
    status = 401


class NoMore(Refusal):
    code = "api.no_more"
    sentence = "这部手机上的人现在没有权限。请找社区信息员。"
    status = 403


class NotUnderstood(Refusal):
    code = "api.not_understood"
    sentence = "这个请求看不懂。请更新手机上的应用。"


class TooLarge(Refusal):
    code = "api.too_large"
    sentence = "一次传得太多，请分成两半再传。"
    status = 413


class TooOften(Refusal):
    code = "api.too_often"
    sentence = "试的次数太多了。请过 {minutes} 分钟再试。"
    status = 429


class Away(Refusal):
    code = "api.away"
    sentence = "服务器现在忙，记录都在手机里，过一会儿会自己再传。"
    status = 503


@contextmanager
def phone(request: HttpRequest, *, now: datetime, alone: bool = False) -> Iterator[Device]:
    """Opens the scope of the phone that asks. `alone`: two batches of one phone never run beside each other.

    Raises: NotLetIn, Revoked, Wipe.
    """
    word = tokens.read(tokens.SESSION, bearer(request), at=now)
    if word is None or not word.areas:
        raise NotLetIn()
    with scope(word.areas):
        rows = Device.objects.select_for_update(nowait=True) if alone else Device.objects.all()
        device = rows.filter(pk=word.device).first()
        refuse(device)
        if device is None or tuple(device.area_codes) != word.areas:
            raise NotLetIn()
        yield device


def refuse(device: Device | None) -> None:
    """A phone that was sent away. Raises: NotLetIn, Revoked, Wipe."""
    if device is None:
        raise NotLetIn()
    if device.wipe_asked_at:
        raise Wipe()
    if device.revoked_at:
        raise Revoked()


def body_of(request: HttpRequest, *, most: int) -> bytes:
    """What was sent, unpacked. Raises: TooLarge; something that cannot be unpacked is given as it came."""
    if int(request.headers.get("Content-Length") or 0) > most:
        raise TooLarge()
    try:
        body = request.body
    except RequestDataTooBig as big:
        raise TooLarge() from big
    if request.headers.get("Content-Encoding") != "gzip":
        return body
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = unpacking.decompress(body, most)
    except zlib.error:
        return body
    if unpacking.unconsumed_tail:
        raise TooLarge()
    return plain


def refused(request: HttpRequest, refusal: Refusal) -> JsonResponse:
    """A no in JSON: a code for the program, a sentence for whoever holds the phone."""
    status = getattr(refusal, "status", 422)
    answer = JsonResponse({"code": refusal.code, "sentence": str(refusal)}, status=status)
    if status == 503:
        answer["Retry-After"] = str(randint(*AGAIN_S))
    if status == 429:
        answer["Retry-After"] = str(int(str(refusal.params.get("minutes", 0))) * 60 or 2)
    return answer


def away(request: HttpRequest, wrong: Exception | type[Exception]) -> JsonResponse:
    """The database is away or two stood in each other's way: said at once, the phone keeps everything."""
    cause = getattr(wrong, "__cause__", None)
    if isinstance(cause, LockNotAvailable | DeadlockDetected):
        return refused(request, TooOften(minutes=0))
    return refused(request, Away())


DATABASE_AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError)


def bearer(request: HttpRequest) -> str:
    """The word that the phone brings along."""
    kind, _space, word = request.headers.get("Authorization", "").partition(" ")
    return word if kind == "Bearer" else ""
