"""Words of a plan, and the usual words of sheets, in the reader's language."""

import re

from django import template
from django.utils.translation import gettext

from shouwang.desk.wording import in_language
from shouwang.plans.form.vocabulary import Words
from shouwang.supplies.units import counted as in_units

APART = re.compile(r"([、,，;；/ ]+)")
register = template.Library()


@register.filter
def worded(words: Words | None) -> str:
    """The plan's words as the reader reads them; nothing where there are none."""
    return in_language(words) if words else ""


@register.filter
def labelled(text: str) -> str:
    """What somebody wrote, each word in the reader's language where it is one that everybody writes: 夜间待命, 楼长, 下午、晚上."""
    return "".join(gettext(word) for word in APART.split(text))


@register.filter
def counted(unit: str, many: int | None = None) -> str:
    """The unit of so many goods in the reader's language: `{{ item.unit|counted:row.quantity }}`."""
    return in_units(unit, many)
