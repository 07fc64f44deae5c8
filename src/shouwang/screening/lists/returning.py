"""The sender's own file comes back in its own layout, the result columns filled. The file that came stays as it came."""

import hashlib
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Attempt
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.plans.actions import read as read_plan
from shouwang.plans.schema import Plan
from shouwang.register.intake.files import FileIsGone, store
from shouwang.screening.actions import OUTCOMES
from shouwang.screening.codes.models import ASKED, CodeRequest
from shouwang.screening.duties import LIST_ROW, RETURN
from shouwang.screening.lists.filling import Answers, fill
from shouwang.screening.lists.models import CHANNELS, ListReturn, ListRow, PushedList, Settlement
from shouwang.screening.lists.rules import ENTAILS
from shouwang.screening.lists.settling import COUNTS, NOT_OURS

STILL_OPEN, BACK = "核查中", "退回"
HOW = dict(CHANNELS)


class NothingCame(Refusal):
    code = "screening.nothing_came"
    sentence = "这份名单不是表格发来的，没有原件可以反馈。"


def return_list(pk: UUID, *, by: User | None, at: datetime) -> tuple[ListReturn, str, bytes]:
    """The sender's file with every answer that is known by now; kept as it went. Returns it with its name.

    Raises: NotInScope, NothingCame, FileIsGone.
    """
    listed = one_in_scope(PushedList.objects.filter(pk=pk).select_related("file", "plan"))
    if listed.file is None:
        raise NothingCame()
    path = Path(settings.MEDIA_ROOT) / listed.file.stored
    if not path.exists():
        raise FileIsGone(file=listed.file.filename)
    answers = _answers(listed, at)
    content, suffix = fill(path.read_bytes(), listed.file.filename, listed.layout, answers)
    name = f"{Path(listed.file.filename).stem}_反馈{at.astimezone(ZONE):%m%d_%H%M}{suffix}"
    made = ListReturn.objects.create(
        id=uuid7(at), area_code=listed.area_code, list=listed, at=at, by=by, rows=len(answers),
        settled=sum(1 for answer in answers.values() if not answer["result"].startswith(STILL_OPEN)),
        stored=store(content, name, digest=hashlib.sha256(content).hexdigest(), at=at),
    )  # fmt: skip
    settle_about(RETURN, [listed.pk], communities=[listed.area_code], at=at)
    audit("screening.return_list", at=at, by=by, area=listed.area_code, list=pk, settled=made.settled)
    return made, name, content


def _answers(listed: PushedList, at: datetime) -> Answers:
    """What is answered for each row, by its place in the file."""
    counts = Settlement.objects.filter(COUNTS).select_related("check_made", "by").order_by("at")
    rows = ListRow.objects.filter(list=listed).select_related("inquiry__person__household", "code__ended_by")
    plan = read_plan(listed.plan) if listed.plan else plan_of(listed.area_code, now=at)
    found = (
        rows.filter(withdrawn_at=None)
        .order_by("number")
        .prefetch_related(Prefetch("settlements", queryset=counts, to_attr="settled"))
    )
    tried = _tried(listed)
    return {(row.sheet, row.line): _answer(row, plan, tried.get(row.pk, "")) for row in found}


def _tried(listed: PushedList) -> dict[UUID, str]:
    """How often each row that is open was tried in vain, and what came of it last."""
    said: dict[UUID, list[str]] = {}
    rows = Attempt.objects.filter(kind=LIST_ROW.name, about__in=listed.rows.values("pk")).order_by("at")
    for about, outcome in rows.values_list("about", "outcome"):
        said.setdefault(about, []).append(OUTCOMES.get(outcome, ""))  # type: ignore[arg-type]
    return {about: f"（试过 {len(words)} 次，最近一次{words[-1]}）" for about, words in said.items()}


def _answer(row: ListRow, plan: Plan | None, tried: str) -> dict[str, str]:
    settled: list[Settlement] = row.settled  # type: ignore[attr-defined]  # as prefetched above
    last, request = settled[-1] if settled else None, getattr(row, "code", None)
    if request and not (last and last.outcome == NOT_OURS):
        return _code_answer(request)
    if last is None:
        return {"result": f"{STILL_OPEN}{tried}"}
    said = {
        "result": _result(row, last, plan),
        "checker": str(last.by or ""),
        "checked_at": f"{last.at.astimezone(ZONE):%Y-%m-%d %H:%M}",
    }
    return {**said, "how": HOW.get(last.check_made.channel, "")} if last.check_made else said


def _code_answer(request: CodeRequest) -> dict[str, str]:
    """How far a request to have a code taken back is, and why it was not."""
    if not request.ended_at:
        return {"result": STILL_OPEN if request.state == ASKED else f"{STILL_OPEN}：{request.words}"}
    return {
        "result": "：".join(filter(None, (request.words, request.reason))),
        "checker": str(request.ended_by or ""),
        "checked_at": f"{request.ended_at.astimezone(ZONE):%Y-%m-%d %H:%M}",
    }


def _result(row: ListRow, last: Settlement, plan: Plan | None) -> str:
    """In the words of whoever reads it above: where the person is, what they are, and what is done."""
    check, person = last.check_made, row.inquiry.person
    if check is None:
        where = last.to_whom if last.to_whom.startswith(BACK) else f"转{last.to_whom or last.to_area}"
        return "。".join(filter(None, (f"非本辖区，{where}", last.reason)))
    category = plan.categories.get(check.category) if plan else None
    home = f"住{person.household.compound}{person.household.door}" if person else check.address
    parts = [
        "已核实",
        home,
        category.words.zh_hans if category else "",
        "、".join(ENTAILS[key] for key in check.entails if key in ENTAILS),
        check.note,
    ]
    return "，".join(filter(None, parts))
