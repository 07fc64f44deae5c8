"""What a row of the register was before: each change, who made it, and what stood there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import F, QuerySet

from shouwang.access.models import User
from shouwang.register.models import Merge, Person

SECRET = {"id_digest", "id_sealed", "phones_sealed", "phone_digests", "match_digests", "landlord_sealed"}
SILENT = SECRET | {"id", "name_key", "kept", "id_kind", "area_code"}
FIELD_WORDS = {
    "household_id": "住处", "area_code": "住处", "name": "姓名", "relation": "与户主关系", "sex": "性别",
    "born_on": "出生日期", "id_mask": "证件号", "phone_mask": "电话", "category": "人员类型", "note": "备注",
    "from_place": "户籍地", "helps": "需要的帮助", "help_note": "需要的帮助", "vaccine_doses": "疫苗剂次",
    "empty_on": "空户", "landlord_sealed": "房东", "floor": "楼层", "room": "房号", "building": "楼号",
    "unit": "单元",
    "left_at": "搬走时间", "left_reason": "搬走还是去世", "compound": "小区", "in_charge": "负责人", "kind": "类型",
    "state": "状态", "staff_count": "员工数", "address": "地址", "credit_code": "信用代码", "household": "住处",
}  # fmt: skip
MOST = 50


@dataclass(frozen=True)
class Change:
    """One edit: when, by whom (nobody where an import or a job did it), and each field before and after."""

    at: datetime
    by: User | None
    fields: list[tuple[str, str, str]]


def changes_of(rows: Sequence[Any]) -> list[Change]:
    """The edits of these rows of one model, the latest first. Cost: two queries."""
    if not rows:
        return []
    events = apps.get_model("register", f"{type(rows[0]).__name__}Event").objects
    kept = list(
        events.filter(pgh_obj_id__in=[row.pk for row in rows], pgh_label="update")
        .select_related("pgh_context")
        .order_by("-pgh_id")[:MOST]
    )
    users = User.objects.in_bulk({who for who in map(_who, kept) if who})
    now: dict[int, Any] = {row.pk: row for row in rows}
    found = []
    for before in kept:
        after = now[before.pgh_obj_id]
        now[before.pgh_obj_id] = before
        changed = _differences(type(rows[0]), before, after)
        if changed:
            found.append(Change(before.pgh_created_at, users.get(_who(before) or 0), changed))
    return found


def lived_here(households: Sequence[int]) -> QuerySet[Person]:
    """Who lived behind these doors and moved out or died, the last one first."""
    gone = Person.objects.filter(household_id__in=households, kept_id=F("id")).exclude(left_at=None)
    return gone.order_by("-left_at")


def merges_of(kind: str, kept: int) -> list[Merge]:
    """The merges that made this row stand for others and can be taken back."""
    return list(
        Merge.objects.filter(kind=kind, kept=kept, undone_at=None).select_related("by").order_by("id")
    )


def _who(event: Any) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _differences(model: Any, before: Any, after: Any) -> list[tuple[str, str, str]]:
    fields = [field for field in model._meta.concrete_fields if field.name not in SILENT]
    found = []
    for field in fields:
        old, new = getattr(before, field.attname, None), getattr(after, field.attname, None)
        if hasattr(before, field.attname) and old != new:
            words = FIELD_WORDS.get(field.name) or FIELD_WORDS.get(field.attname, field.name)
            found.append((words, _said(field, old), _said(field, new)))
    return found


def _said(field: Any, value: Any) -> str:
    """A value as people read it: the words of a choice, never an inner number."""
    if value in (None, "", []):
        return ""
    if field.is_relation:
        return "…"
    if isinstance(value, list):
        words = dict(field.base_field.choices or [])
        return "、".join(str(words.get(one, one)) for one in value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return str(dict(field.choices or []).get(value, value))
