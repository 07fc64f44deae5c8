"""Blank forms as they come: kept untouched, understood, asked about once, used from then on. Versions and what differs."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import Grants, one_in_scope
from shouwang.ledgers.asked.fields import is_asked, key_of
from shouwang.ledgers.asked.rules import where_asked
from shouwang.ledgers.blank.headings import AREAS, OWN, meanings
from shouwang.ledgers.blank.layouts import Layout, read_layout
from shouwang.ledgers.models import Answer, Form, Question, Report, Version
from shouwang.ledgers.periods import rhythm_of
from shouwang.lib.codes import ancestors
from shouwang.lib.errors import Refusal
from shouwang.lib.fields import Field, Lines, RowField
from shouwang.lib.provinces import PROVINCES
from shouwang.lib.sheets.vocabulary import normal
from shouwang.plans.actions import plan_of
from shouwang.register.intake.files import store

PERSONAL = ("姓名", "身份证", "箱编号", "车牌")
# Lines that a title gives away before anything here records them: such a form prints no line, never the wrong ones.
LATER = {"交接单": "testing.box"}


class MayNotSee(Refusal):
    code = "ledgers.may_not_see"
    sentence = "“{heading}”不能填成“{field}”：您的账号不能看这一项。"


class NotAField(Refusal):
    code = "ledgers.not_a_field"
    sentence = "“{heading}”不能填成这一项。请从列出的项目里选。"


class InUse(Refusal):
    code = "ledgers.version_in_use"
    sentence = "这个版本已经用它报过表，不能再改。要改请重新上传一个版本。"


@dataclass(frozen=True)
class Difference:
    """What a version has that the one before had not, and the other way round."""

    added: list[str]
    gone: list[str]
    kept: int
    hours: tuple[time, time] | None = None


def _usual_due(area: str, at: datetime) -> time | None:
    """By when daily reports are due here, where a form does not say it itself."""
    plan = plan_of(area, now=at)
    return plan.meetings.daily_report_due_by if plan and plan.meetings else None


@dataclass(frozen=True)
class Said:
    """What a person answered about a new form. Shape: `columns` are fields by column, `questions` columns to ask for."""

    title: str
    lines: str
    cut_off: time
    due: time
    columns: Mapping[int, str]
    questions: frozenset[int] = frozenset()
    selection: Mapping[str, str] | None = None


def keep_form(
    content: bytes,
    filename: str,
    *,
    area: str,
    fields: Mapping[str, Field],
    lines: Mapping[str, Lines],
    by: User,
    at: datetime,
    of: Form | None = None,
) -> Version:
    """Keeps a blank form and says what was understood; it is used once somebody has looked at it.

    `of` is the form of which it is a new version. Raises: what `read_layout` refuses, DiskFull.
    """
    layout = read_layout(content, filename, fields.values())
    digest = hashlib.sha256(content).hexdigest()
    shape = of.shape if of else shape_of(layout)
    form = of or Form.objects.create(
        area_code=area, title=layout.title, shape=shape, started_at=at, started_by=by
    )
    last = form.versions.order_by("-number").first()
    rhythm = rhythm_of((layout.title, *layout.texts), usual=_usual_due(area, at))
    kind = lines_of(layout.title, lines) if shape == "row" else ""
    made = Version.objects.create(
        form=form,
        area_code=area,
        number=last.number + 1 if last else 1,
        filename=filename[-200:],
        stored=store(content, filename, digest=digest, at=at),
        sha256=digest,
        layout=layout.as_json(),
        columns=understood(layout, area, shape, kind, fields),
        lines=kind,
        selection=last.selection if last else selection_of(layout.title, kind, lines),
        cut_off=rhythm.cut_off,
        due=rhythm.due,
        received_at=at,
        received_by=by,
    )
    audit("ledgers.keep_form", at=at, by=by, area=area, form=form.pk, version=made.number)
    return made


def shape_of(layout: Layout) -> str:
    """Whether a line is a place or a person: forms about people ask for names and numbers."""
    named = any(word in heading for word in PERSONAL for heading in layout.headings)
    return "row" if named else "number"


def lines_of(title: str, lines: Mapping[str, Lines]) -> str:
    """What a line is about, as the title says; nobody where only another module could know."""
    told = [each.key for each in lines.values() for word in each.titles if word in title]
    later = [key for word, key in LATER.items() if word in title and key not in lines]
    return (later or told or ["person"])[0]


def selection_of(title: str, kind: str, lines: Mapping[str, Lines]) -> dict[str, str]:
    """Whom a title names: 返回湖北人员 are those from Hubei. A person looks at it before the form is used."""
    named = next((name for name in PROVINCES.values() if name in title), "")
    return {"from_place": named} if named and kind in lines and "from_place" in lines[kind].selects else {}


def understood(
    layout: Layout, area: str, shape: str, lines: str, fields: Mapping[str, Field]
) -> list[dict[str, Any]]:
    """The columns with what each was taken for: as people of this area said before, or as the words say."""
    offered = offered_fields(shape, lines, fields)
    known = answers(area, shape if shape == "number" else lines)
    found = meanings(layout.headings, offered.values(), known, areas=shape == "number")
    return [
        {
            "index": index,
            "heading": heading,
            "field": one.field,
            "asked": one.asked,
            "others": list(one.others),
        }
        for index, (heading, one) in enumerate(zip(layout.headings, found, strict=True))
        if heading
    ]


def offered_fields(shape: str, lines: str, fields: Mapping[str, Field]) -> dict[str, Field]:
    """The fields that fit a form: numbers of places, or cells of its lines."""
    return {
        key: field
        for key, field in fields.items()
        if field.shape == shape and (not isinstance(field, RowField) or field.lines == lines)
    }


def answers(area: str, shape: str) -> dict[str, str]:
    """What people said of headings in this area and above; the nearest counts."""
    rows = Answer.objects.filter(area_code__in=ancestors(area), shape=shape).order_by("area_code")
    return dict(rows.values_list("heading", "field"))


def confirm(
    version: Version, said: Said, *, fields: Mapping[str, Field], grants: Grants, by: User, at: datetime
) -> Version:
    """Takes a person's answers, remembers them, and uses the form from now on.

    Raises: InUse, NotAField, MayNotSee.
    """
    if Report.objects.filter(version=version, snapshots__checked_at__isnull=False).exists():
        raise InUse()
    form = version.form
    shape = "row" if said.lines else "number"
    offered = offered_fields(shape, said.lines, fields)
    columns = [_answered(column, said, offered, grants, shape) for column in version.columns]
    _remember(version, columns, said.lines or shape, by=by, at=at)
    _ask(version, columns, said, by=by, at=at)
    Form.objects.filter(pk=form.pk).update(title=said.title[:80], shape=shape)
    Version.objects.filter(pk=version.pk).update(
        columns=columns,
        lines=said.lines,
        selection=dict(said.selection or {}),
        cut_off=said.cut_off,
        due=said.due,
        confirmed_at=at,
        confirmed_by=by,
    )
    audit("ledgers.confirm_form", at=at, by=by, area=version.area_code, form=form.pk, version=version.number)
    return Version.objects.select_related("form").get(pk=version.pk)


def _answered(
    column: dict[str, Any], said: Said, offered: Mapping[str, Field], grants: Grants, shape: str
) -> dict[str, Any]:
    field = said.columns.get(column["index"], "")
    own = field in OWN and (shape == "number" or field not in AREAS)
    if field and not own and field not in offered:
        raise NotAField(heading=column["heading"])
    if field in offered and offered[field].needs not in grants.may:
        raise MayNotSee(heading=column["heading"], field=offered[field].words)
    return {"index": column["index"], "heading": column["heading"], "field": field, "asked": False}


def _remember(version: Version, columns: list[dict], shape: str, *, by: User, at: datetime) -> None:
    """What was chosen, and what was turned down; a heading that nothing holds today may be held tomorrow."""
    offered = {one["index"] for one in version.columns if one["field"] or one["asked"]}
    for column in columns:
        if column["field"] or column["index"] in offered:
            Answer.objects.update_or_create(
                area_code=version.area_code,
                heading=normal(column["heading"])[:120],
                shape=shape,
                defaults={"field": column["field"], "said_at": at, "said_by": by},
            )


def _ask(version: Version, columns: list[dict], said: Said, *, by: User, at: datetime) -> None:
    """A fact that nothing records becomes a question of its own, whose answers fill the column.

    What is recorded by now is asked no longer.
    """
    asked = [one for one in columns if not one["field"] and one["index"] in said.questions]
    unknown = {one["heading"][:120] for one in asked}
    where = where_asked("row" if said.lines else "number", said.lines)
    Question.objects.filter(form=version.form, closed_at=None).exclude(heading__in=unknown).update(
        closed_at=at
    )
    there = set(Question.objects.filter(form=version.form, closed_at=None).values_list("heading", flat=True))
    Question.objects.bulk_create(
        Question(
            area_code=version.area_code, form=version.form, heading=heading,
            words=heading, where=where, asked_at=at, asked_by=by,
        )
        for heading in sorted(unknown - there)
    )  # fmt: skip
    open_ones = Question.objects.filter(form=version.form, closed_at=None)
    open_ones.update(where=where)
    keys = {one.heading: key_of(one) for one in open_ones}
    for column in asked if where else ():
        column["field"] = keys[column["heading"][:120]]


def take_up(version: Version, fields: Mapping[str, Field], *, at: datetime) -> list[str]:
    """Headings that nothing held when the form came, and something surely holds now. Which they are."""
    form, layout = version.form, Layout.from_json(version.layout)
    fresh = {
        column["index"]: column["field"]
        for column in understood(layout, version.area_code, form.shape, version.lines, fields)
    }
    unknown = [one for one in version.columns if not one["field"] or is_asked(one["field"])]
    taken = [one for one in unknown if fresh[one["index"]]]
    for column in taken:
        column["field"] = fresh[column["index"]]
    if taken:
        Version.objects.filter(pk=version.pk).update(columns=version.columns)
        known = [one["heading"][:120] for one in taken]
        Question.objects.filter(form=form, heading__in=known, closed_at=None).update(closed_at=at)
        audit("ledgers.take_up", at=at, area=version.area_code, version=version.pk, columns=len(taken))
    return [column["heading"] for column in taken]


def current(form: Form) -> Version:
    """The version in use: the latest that somebody has confirmed. Raises: NotInScope."""
    found = one_in_scope(form.versions.exclude(confirmed_at=None).order_by("-number"))
    found.form = form
    return found


def difference(older: Version, newer: Version) -> Difference:
    """Which columns a version added and dropped, and whether its hours changed."""
    before = {normal(column["heading"]): column["heading"] for column in older.columns}
    after = {normal(column["heading"]): column["heading"] for column in newer.columns}
    hours = (older.cut_off, newer.cut_off) if older.cut_off != newer.cut_off else None
    return Difference(
        added=[words for key, words in after.items() if key not in before],
        gone=[words for key, words in before.items() if key not in after],
        kept=len(before.keys() & after.keys()),
        hours=hours,
    )
