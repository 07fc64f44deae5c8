"""What pushed lists offer to ledgers: everybody on them, what was found out, by whom, when and how."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import (
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
)

from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import subtree
from shouwang.lib.fields import Field, Lines, NumberField, RowField, cells_of
from shouwang.lib.sealing import sealer
from shouwang.register.fields import SEXES, address, age, answering_for
from shouwang.screening.lists.models import CHANNELS, NOT_OURS, Check, Inquiry, ListRow
from shouwang.screening.lists.rules import ENTAILS

HOW = {**dict(CHANNELS), "door": "入户"}
MOMENT = timedelta.resolution


def asked_about(area: str, selection: Mapping[str, str], at: datetime) -> QuerySet[Inquiry]:
    """Everybody of the area on a list that had arrived by then; those of a list, a category, since a day."""
    low, high = subtree(area)
    rows = ListRow.objects.filter(list__arrived_at__lt=at).exclude(outcome=NOT_OURS)
    if selection.get("list"):
        rows = rows.filter(list__pk=UUID(selection["list"]))
    if selection.get("category"):
        rows = rows.filter(list__category=selection["category"])
    if selection.get("from_place"):
        rows = rows.filter(from_place__startswith=selection["from_place"])
    if selection.get("since"):
        rows = rows.filter(list__arrived_at__gte=midnight(date.fromisoformat(selection["since"])))
    checks = Check.objects.filter(void_at=None, recorded_at__lt=at).select_related("by").order_by("at", "id")
    found = Inquiry.objects.filter(area_code__gte=low, area_code__lt=high)
    return (
        found.filter(Exists(rows.filter(inquiry=OuterRef("pk"))))
        .select_related("person__household")
        .prefetch_related(
            Prefetch("rows", rows.select_related("list").order_by("list__arrived_at", "number"), "told"),
            Prefetch("checks", checks.prefetch_related("referrals"), "found_out"),
        )
        .order_by("area_code", "opened_at", "id")
    )


LISTED = Lines(
    key="screening.listed", words="名单上的一个人", rows=asked_about, subject="inquiry",
    titles=("返回", "返乡", "流入", "推送", "名单", "重点地区", "核查"), selects=("list", "category", "from_place", "since"),
)  # fmt: skip


def _check(one: Any) -> Check | None:
    """The last talk that counts."""
    return one.found_out[-1] if one.found_out else None


def _row(one: Any) -> ListRow:
    """The last row that names the person."""
    return one.told[-1]


def _best(*values: object) -> object:
    """The first of these that is known."""
    return next((value for value in values if value), None)


def _asked(one: Any, name: str) -> Any:
    check = _check(one)
    return getattr(check, name) if check else None


def _where(one: Any) -> object:
    home = address(one.person) if one.person else ""
    return _best(_asked(one, "address"), home, _row(one).address)


def _warm_today(one: Any, at: datetime) -> object:
    """The temperature of the day on which the period ends; an older one is not today's."""
    check = _check(one)
    return check.temperature_c if check and day_of(check.at) == day_of(at - MOMENT) else None


def _symptoms(one: Any) -> str | None:
    check = _check(one)
    return ("、".join(check.symptoms) or "无") if check else None


def _doctor(one: Any) -> str | None:
    """Whether a doctor has seen somebody who was found ill; nobody else was asked."""
    sent = [sent for check in one.found_out for sent in check.referrals.all() if sent.void_at is None]
    return None if not sent else ("是" if any(each.at for each in sent) else "否")


def _measures(one: Any) -> str | None:
    return "、".join(ENTAILS.get(key, key) for key in _asked(one, "entails") or []) or None


def id_numbers(rows: Sequence[Any]) -> list[str]:
    """ID numbers in clear. Callers have had it approved and written down."""
    keys = sealer(settings.SEALING_KEY_FILE)
    own = [one.person.id_sealed if one.person else b"" for one in rows]
    return [keys.open(sealed or _row(one).id_sealed) for one, sealed in zip(rows, own, strict=True)]


def phones(rows: Sequence[Any]) -> list[str]:
    """Phones in clear: those of the list first, where it has any. Callers have had it approved and written down."""
    keys = sealer(settings.SEALING_KEY_FILE)
    known = [_row(one).phones_sealed or (one.person.phones_sealed if one.person else []) for one in rows]
    return ["、".join(keys.open(sealed) for sealed in own) for own in known]


def _answers(rows: Sequence[Any], at: datetime) -> list[str | None]:
    return answering_for([one.area_code for one in rows], at)


_of = cells_of(LISTED, "listed")


def _of_person(one: Any, name: str) -> Any:
    return getattr(one.person, name) if one.person else None


CELLS: tuple[RowField, ...] = (
    _of("name", "姓名", "人员姓名", value=lambda one, at: _best(_of_person(one, "name"), _row(one).name)),
    _of("sex", "性别", value=lambda one, at: SEXES.get(_of_person(one, "sex") or _row(one).sex)),
    _of("age", "年龄", "周岁", value=lambda one, at: age(_of_person(one, "born_on") or _row(one).born_on, at)),
    _of(
        "id_number", "身份证号", "身份证号码", "证件号", "证件号码", "身份证",
        value=lambda one, at: _best(_of_person(one, "id_mask"), _row(one).id_mask), clear=id_numbers,
    ),
    _of(
        "phone", "联系电话", "电话", "手机", "手机号", "手机号码", "联系手机", "联系方式",
        value=lambda one, at: _best(_row(one).phone_mask, _of_person(one, "phone_mask")), clear=phones,
    ),
    _of("address", "现住址", "现居住地址", "居住地址", "住址", "详细地址", value=lambda one, at: _where(one)),
    _of(
        "from_place", "流入前所在地", "来源地", "来自地区", "何处返回", "去往湖北情况/去往地市", "去往地市", "旅居地",
        value=lambda one, at: _best(_asked(one, "from_place"), _row(one).from_place),
    ),
    _of(
        "arrived_on", "流入时间", "返回时间", "返乡时间", "到达时间", "抵达时间", "去往湖北情况/返回时间",
        value=lambda one, at: _best(_asked(one, "arrived_on"), _row(one).happened_on),
    ),
    _of(
        "left_on", "离开时间", "出发时间", "离青时间", "去往湖北情况/离青时间",
        value=lambda one, at: _asked(one, "left_on"),
    ),
    _of(
        "transport", "交通方式", "交通方式及车次", "交通工具", "车次航班", "乘坐车次",
        value=lambda one, at: _best(_asked(one, "transport"), _row(one).transport),
    ),
    _of("temperature", "当日体温", "健康状况/当日体温", value=_warm_today),
    _of(
        "symptoms", "有无发热咳嗽", "健康状况/有无发热咳嗽", "健康状况", "有无症状", "症状",
        value=lambda one, at: _symptoms(one),
    ),
    _of("doctor", "是否就医", "健康状况/是否就医", value=lambda one, at: _doctor(one)),
    _of(
        "tested_on", "核酸检测/采样时间", "核酸采样时间", "核酸检测时间",
        value=lambda one, at: _asked(one, "tested_on"),
    ),
    _of(
        "test_result", "核酸检测/结果", "核酸检测结果", "核酸结果",
        value=lambda one, at: _best(_asked(one, "test_result")),
    ),
    _of("measures", "管控措施", "处置措施", "管控方式", value=lambda one, at: _measures(one)),
    _of("how", "核查方式", "核查方式(入户/电话)", "排查方式", value=lambda one, at: HOW.get(_asked(one, "channel") or "")),
    _of("asked_by", "核查人", "排查人", "核查人员", value=lambda one, at: str(_asked(one, "by") or "") or None),
    _of("asked_at", "核查时间", "排查时间", "核实时间", value=lambda one, at: _asked(one, "at")),
    _of("health_code", "健康码", "健康码状态", value=lambda one, at: _best(_asked(one, "health_code"))),
    _of("sender", "推送单位", "数据来源", "名单来源", value=lambda one, at: _row(one).list.sender),
    _of("pushed_at", "推送时间", "下发时间", value=lambda one, at: _row(one).list.arrived_at),
    RowField(
        key="listed.answers", words="包保责任人", synonyms=("包保人", "责任人", "包保干部", "网格员"),
        needs="register.read", lines=LISTED.key, source=_answers,
    ),
)  # fmt: skip


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────────


def checks(area: str) -> QuerySet:
    """Everybody who was asked, each talk once, where it was."""
    low, high = subtree(area)
    return Check.objects.filter(area_code__gte=low, area_code__lt=high).annotate(
        happened_at=F("at"),
        came_at=F("recorded_at"),
        gone_at=F("void_at"),
        amount=Value(1, output_field=IntegerField()),
        subject=F("inquiry__person_id"),
    )


def calls(area: str) -> QuerySet:
    """Those that were asked on the phone."""
    return checks(area).filter(channel="phone")


def _decided(category: str) -> Callable[[str], QuerySet]:
    def people(area: str) -> QuerySet:
        """Each person once, from the first talk that decided so until the last of them was struck."""
        low, high = subtree(area)
        said = Check.objects.filter(inquiry=OuterRef("pk"), category=category)
        first, last = said.order_by("recorded_at", "id"), said.order_by(F("void_at").desc(nulls_first=True))
        return Inquiry.objects.filter(Exists(said), area_code__gte=low, area_code__lt=high).annotate(
            happened_at=Subquery(first.values("at")[:1]),
            came_at=Subquery(first.values("recorded_at")[:1]),
            gone_at=Subquery(last.values("void_at")[:1]),
            amount=Value(1, output_field=IntegerField()),
            subject=F("person_id"),
        )

    return people


def _decided_fields(key: str, words: str, category: str) -> tuple[NumberField, ...]:
    """今日 and 累计 of a category: a form that only says the word is asked which it means."""
    source = _decided(category)
    return (
        NumberField(
            key=f"screening.{key}_day", words=f"今日{words}", synonyms=(f"{words}今日新增", f"新增{words}", words),
            span="day", source=source, subject="person", means=f"这一期核实下来定为“{words}”的人。",
        ),
        NumberField(
            key=f"screening.{key}_ever", words=f"累计{words}", synonyms=(f"{words}累计", words), span="ever",
            source=source, subject="person", means=f"到截止时间为止核实下来定为“{words}”的人。",
        ),
    )  # fmt: skip


NUMBERS: tuple[Field, ...] = (
    NumberField(
        key="screening.calls_day", words="今日电话核查数", synonyms=("今日电话核查", "电话核查数", "今日电话排查数"),
        span="day", source=calls, subject="person", means="这一期里打通电话、问清楚的，一次算一次；撤销的扣除。",
    ),
    NumberField(
        key="screening.calls_ever", words="累计电话核查数", synonyms=("累计电话核查", "累计电话排查数"), span="ever",
        source=calls, subject="person", means="到截止时间为止打通电话、问清楚的，一次算一次。",
    ),
    NumberField(
        key="screening.checks_day", words="今日核查人次", synonyms=("今日核查人数", "今日核查数"), span="day",
        source=checks, subject="person", means="这一期里问清楚的，电话、上门、自己填报都算，一次算一人次。",
    ),
    NumberField(
        key="screening.checks_ever", words="累计核查人次", synonyms=("累计核查人数", "累计核查数"), span="ever",
        source=checks, subject="person", means="到截止时间为止问清楚的，一次算一人次。",
    ),
    *_decided_fields("close_contacts", "密接", "close_contact"),
    *_decided_fields("secondary_contacts", "次密接", "secondary_contact"),
)  # fmt: skip

FIELDS: tuple[Field, ...] = (*NUMBERS, *CELLS)
