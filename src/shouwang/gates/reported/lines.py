"""The register of a checkpoint (卡口登记表): one line for each time that somebody came to a gate, alone or in a car."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from shouwang.gates.models import REFUSED, Companion, Passage
from shouwang.gates.reported.fields import COUNTED
from shouwang.lib.clock import ZONE, midnight
from shouwang.lib.codes import subtree
from shouwang.lib.fields import Lines, RowField, cells_of
from shouwang.lib.sealing import sealer

A_DAY = timedelta(days=1)


def passages(area: str, selection: Mapping[str, str], at: datetime) -> QuerySet[Passage]:
    """Who came in and was written down in the day before, or since a day; the same rows that the numbers of the day count."""
    low, high = subtree(area)
    since = selection.get("since")
    begins = midnight(date.fromisoformat(since)) if since else at - A_DAY
    found = Passage.objects.filter(
        COUNTED, Q(void_at=None) | Q(void_at__gte=at), area_code__gte=low, area_code__lt=high, recorded_at__gte=begins,
        recorded_at__lt=at,
    )  # fmt: skip
    along = Prefetch("companions", Companion.objects.order_by("id"), "along")
    return (
        found.select_related("person__household", "host", "gate", "by")
        .prefetch_related(along)
        .order_by("at", "id")
    )


PASSAGE = Lines(
    key="gates.passage",
    words="一次登记",
    rows=passages,
    titles=("卡口", "门岗登记"),
    subject="gate",
    selects=("since",),
)
_cell = cells_of(PASSAGE, "gates")


def _together(row: Any, of: str, own: str) -> str | None:
    """Of whoever is known: the resident, or those who were asked for their names."""
    known = [getattr(row.person, own)] if row.person else [getattr(one, of) for one in row.along]
    return "、".join(filter(None, known)) or None


def _names(row: Any) -> str | None:
    names = _together(row, "name", "name")
    if row.people == 1 or not names:
        return names if row.people == 1 else f"共{row.people}人"
    return f"{names}（共{row.people}人）" if names.count("、") + 1 < row.people else names


def _reading(row: Any) -> object:
    return row.temperature_c if row.second_c is None else row.second_c


def _done(row: Any) -> str:
    if row.medical:
        return "就医放行"
    return "劝返" if row.decision == REFUSED else "放行"


def _to(row: Any) -> str | None:
    return row.to_place or (row.host.door if row.host else None) or (_home(row) if row.person else None)


def _home(row: Any) -> str | None:
    return row.person.household.door if row.person.household else None


def _id_numbers(rows: Sequence[Any]) -> list[str]:
    """ID numbers in clear. Callers have had it approved and written down."""
    keys = sealer(settings.SEALING_KEY_FILE)
    return [
        "、".join(keys.open(one.id_sealed) for one in ([row.person] if row.person else row.along))
        for row in rows
    ]


def _phones(rows: Sequence[Any]) -> list[str]:
    """Phones in clear. Callers have had it approved and written down."""
    keys = sealer(settings.SEALING_KEY_FILE)
    return [
        "、".join(keys.open(one) for one in (row.person.phones_sealed if row.person else [each.phone_sealed for each in row.along]))
        for row in rows
    ]  # fmt: skip


CELLS: tuple[RowField, ...] = (
    _cell("time", "时间", "登记时间", "通行时间", value=lambda row, at: f"{row.at.astimezone(ZONE):%Y-%m-%d %H:%M}"),
    _cell("gate_name", "卡口", "卡口名称", "门岗", value=lambda row, at: row.gate.name if row.gate else None),
    _cell("plate", "车牌号", "车牌", "车牌号码", value=lambda row, at: row.plate or None),
    _cell("name", "姓名", "驾乘人员", "人员姓名", value=lambda row, at: _names(row)),
    _cell("many", "人数", "车上人数", "同行人数", value=lambda row, at: row.people),
    _cell(
        "id_number", "身份证号", "身份证号码", "证件号码", "身份证",
        value=lambda row, at: _together(row, "id_mask", "id_mask"), clear=_id_numbers,
    ),
    _cell(
        "phone", "电话", "联系电话", "手机号码", value=lambda row, at: _together(row, "phone_mask", "phone_mask"), clear=_phones,
    ),
    _cell("from_place", "出发地", "从哪里来", value=lambda row, at: row.from_place or None),
    _cell("to_place", "目的地", "目的地/到访户", "到访户", "到哪里去", value=lambda row, at: _to(row)),
    _cell("temperature", "体温", "测量体温", value=lambda row, at: _reading(row)),
    _cell("done", "处置", "处置(放行/劝返)", "处置情况", value=lambda row, at: _done(row)),
    _cell("by", "登记人", "值守人员", value=lambda row, at: row.by.name if row.by else None),
)  # fmt: skip
