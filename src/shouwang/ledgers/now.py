"""此刻数字: the numbers of this minute as a text to paste, when somebody above calls at half past eleven at night."""

from datetime import datetime

from shouwang.ledgers.filled.counting import counted
from shouwang.ledgers.filled.tables import Catalogue
from shouwang.ledgers.periods import Period
from shouwang.lib.clock import ZONE, day_of, midnight
from shouwang.lib.fields import NumberField
from shouwang.register.models import Area

SAID_FIRST = ("register.doors", "register.homes", "register.people")


def numbers_now(area: str, *, now: datetime, catalogue: Catalogue) -> str:
    """All numbers that are recorded, from midnight until now, one a line; what is not recorded is not in it."""
    fields = [known for known in catalogue.fields.values() if isinstance(known, NumberField)]
    told = counted(fields, area, len(area), Period(midnight(day_of(now)), now))
    label = Area.objects.filter(code=area).values_list("label", flat=True).first() or area
    local = now.astimezone(ZONE)
    lines = [f"{label} {local.month}月{local.day}日{local:%H:%M}（今日从0时算起）"]
    for known in sorted(fields, key=lambda one: one.key not in SAID_FIRST):
        number = told[known.key](area).number
        if number is not None:
            lines.append(f"{known.words.replace('/', '')}：{number}")
    return "\n".join(lines)
