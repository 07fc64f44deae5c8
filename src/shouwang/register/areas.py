"""Areas from the community upwards: named once, before anything can lie in them."""

from datetime import datetime

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.lib.codes import COMMUNITY, NAMES, is_code
from shouwang.lib.errors import Refusal
from shouwang.register.models import Area


class NotAnArea(Refusal):
    code = "register.not_an_area"
    sentence = "“{area}”不是区、街道或社区的编号。编号是 6、9 或 12 位数字。"


def name_area(code: str, label: str, *, by: User | None, at: datetime) -> Area:
    """A district, subdistrict or community under its statistical division code; naming it again renames it.

    Raises: NotAnArea.
    """
    if not is_code(code) or len(code) > COMMUNITY:
        raise NotAnArea(area=code)
    area, _ = Area.objects.update_or_create(code=code, defaults={"level": NAMES[len(code)], "label": label})
    record("register.name_area", at=at, by=by, area=code)
    return area
