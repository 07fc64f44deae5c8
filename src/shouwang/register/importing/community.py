"""Which community a file is about: the code that the operator gave, or the name that the file carries."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from shouwang.lib.codes import COMMUNITY, is_code
from shouwang.lib.errors import Refusal
from shouwang.register.importing.numbering import provisional_community
from shouwang.register.models import Area

SHOWN = 20
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('register ' || %s, 0))"


class WrongCode(Refusal):
    code = "register.wrong_code"
    sentence = "社区编码“{given}”不对。要写12位数字，比如 410103008004。"


class UnknownCommunity(Refusal):
    code = "register.unknown_community"
    sentence = "没有编码是 {given} 的社区。已有的社区：{known}。"


class NoCommunity(Refusal):
    code = "register.no_community"
    sentence = "看不出“{file}”是哪个社区的。请写明社区的12位编码，或在表的标题里写上社区名称。"


@contextmanager
def community_at_work(given: str | None, name: str, filename: str, *, dry_run: bool) -> Iterator[str]:
    """The code of a community in which nobody else imports at the same time; nothing stays when dry.

    Raises: WrongCode, UnknownCommunity, NoCommunity.
    """
    with transaction.atomic():
        code = community_code(given, name, filename)
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [code])
        yield code
        if dry_run:
            transaction.set_rollback(True)


def community_code(given: str | None, name: str, filename: str) -> str:
    """The code of the community that a file is about.

    An unknown name gets a provisional code; a file without a name is about the only community there is.
    """
    known = Area.objects.filter(level="community")
    if given:
        if not (is_code(given) and len(given) == COMMUNITY):
            raise WrongCode(given=given)
        if not known.filter(code=given).exists():
            names = [f"{area.label} {area.code}" for area in known.order_by("code")[:SHOWN]]
            raise UnknownCommunity(given=given, known="、".join(names) or "还没有")
        return given
    if not name:
        there = list(known[:2])
        if len(there) != 1:
            raise NoCommunity(file=filename)
        return there[0].code
    found = known.filter(label=name).order_by("code").first()
    return (found or provisional_community(name)).code
