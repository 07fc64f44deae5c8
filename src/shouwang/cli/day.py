"""Rounds, visits, the board, the close."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import click
from rich.table import Table

from shouwang.cli import everywhere, main, out, ready, say_json
from shouwang.lib.clock import ZONE, day_end, day_of, midnight
from shouwang.lib.errors import Refusal

BOARD = ("还差", "超时", "已办", "超时已办", "免办", "过期未办", "未到期")
COLUMNS = {
    "carried_in": "上日转入", "opened": "今日新增", "moved_in": "移入", "corrected": "更正", "done": "已办",
    "late": "超时已办", "waived": "免办", "missed": "过期未办", "void": "撤销", "moved_out": "移交", "carried_out": "转次日",
}  # fmt: skip
NIGHT = timedelta(hours=6)  # whoever closes a day after midnight means the day that has just ended


class NotATime(Refusal):
    code = "cli.not_a_time"
    sentence = "看不懂时间“{text}”。请写成 2022-04-21T20:00 或 20:00。"


class NoSuchDoor(Refusal):
    code = "cli.no_such_door"
    sentence = "没有找到“{text}”这一户。请写成“电力楼院 3-2-502”，或写户的编号。"


class NoArea(Refusal):
    code = "cli.no_area"
    sentence = "还没有底册。请先用 shouwang import-register 导入人口底册。"


def moment(text: str | None, now: datetime) -> datetime | None:
    """What somebody typed as a time: a whole one, or an hour of today."""
    if not text:
        return None
    full = text if "-" in text else f"{day_of(now)}T{text}"
    day, _, hour = full.partition("T")
    try:
        if hour == "24:00":  # how people say the midnight that ends a day
            return midnight(date.fromisoformat(day) + timedelta(days=1))
        read = datetime.fromisoformat(full)
    except ValueError as wrong:
        raise NotATime(text=text) from wrong
    return read if read.tzinfo else read.replace(tzinfo=ZONE)


def area_or_only(code: str | None) -> str:
    """The area that was named, or the only community there is. Raises: NoArea, NoSuchArea."""
    from shouwang.flows.move_household import NoSuchArea
    from shouwang.register.models import Area

    if code:
        if not Area.objects.filter(code=code).exists():
            raise NoSuchArea(code=code)
        return code
    communities = list(Area.objects.filter(level="community").values_list("code", flat=True)[:2])
    if not communities:
        raise NoArea()
    return communities[0] if len(communities) == 1 else ""


@main.command("open-round")
@click.option("--area", help="区域编号；只有一个社区时可以不写")
@click.option(
    "--kind",
    default="screening.visit",
    show_default=True,
    help="screening.visit 入户，screening.place_visit 场所",
)
@click.option("--title", default="入户走访", help="这一轮叫什么")
@click.option("--opens", help="从什么时候开始（默认现在）")
@click.option("--due", help="到什么时候（默认今晚 24:00）")
@click.option("--lapses", help="过了什么时候就不算了（默认不过期）")
@click.option("--only", multiple=True, metavar="名=值", help="只要一部分，如 help=lives_alone、category=流动")
@click.option("--json", "as_json", is_flag=True)
def open_round_command(
    area: str | None, kind: str, title: str, as_json: bool, only: tuple[str, ...], **times: str
) -> None:
    """开一轮：区域里每一户（或每个场所）都要走到。"""
    now = ready()
    from shouwang.duties.windows import Window
    from shouwang.plans.actions import in_force
    from shouwang.screening.actions import KINDS, WrongWindow, open_round

    read = {name: moment(times[name], now) for name in ("opens", "due", "lapses")}
    opens, due = read["opens"] or now, read["due"] or day_end(now)
    if not opens < due or (read["lapses"] and read["lapses"] < due):
        raise WrongWindow(opens=opens, due=due)
    if kind not in KINDS:
        raise click.BadParameter(f"只有 {'、'.join(KINDS)}", param_hint="--kind")
    with everywhere("open-round", now):
        where = area_or_only(area)
        held = in_force(where, now=now)
        opened, owed = open_round(
            where,
            kind=kind,
            title=title,
            window=Window(opens, due, read["lapses"]),
            only=dict(pair.split("=", 1) for pair in only),
            plan_version=held.plan if held else None,
            by=None,
            at=now,
        )
    if as_json:
        return say_json({"round": opened.pk, "area": where, "owed": owed, "opens_at": opens, "due_at": due})
    return out.print(f"已开“{title}”：应办 [bold]{owed}[/]，截止 {due:%m-%d %H:%M}。")


@main.command("visit")
@click.argument("door")
@click.option("--at", "when", help="什么时候去的（默认现在）")
@click.option("--met", default="", help="见到谁")
@click.option("--people", type=int, help="住几人")
@click.option("--temperature", help="最高体温 ℃")
@click.option("--symptoms", default="")
@click.option("--newcomers", default="", help="有没有新来的人")
@click.option("--handed-out", multiple=True, help="带去了什么")
@click.option("--note", default="")
@click.option(
    "--failed",
    type=click.Choice(["no_answer", "no_reply", "wrong_number", "hung_up", "refused", "moved", "appointed"]),
    help="没见到人：原因",
)
@click.option("--again", help="约好什么时候再来")
@click.option("--json", "as_json", is_flag=True)
def visit_command(
    door: str, when: str | None, failed: str | None, again: str | None, as_json: bool, **told: Any
) -> None:
    """记一户：见到了谁、有没有情况；没见到人用 --failed。"""
    now = ready()
    from decimal import Decimal

    from shouwang.plans.actions import hours_to_try, plan_of
    from shouwang.screening.actions import Seen, record_attempt, record_visits

    at = moment(when, now) or now
    with everywhere("visit", now):
        household = find_door(door)
        if failed:
            hours = hours_to_try(plan_of(household.area_code, now=now))
            tried = record_attempt(
                household.pk, outcome=failed, tried_at=at, hours=hours, by=None, at=now, next_try_at=moment(again, now), note=told["note"]
            )  # fmt: skip
            answer = {"household": household.pk, "attempt": tried.pk, "next_try_at": tried.next_try_at}
        else:
            heat = told["temperature"]
            seen = Seen(
                household.pk, at, met=told["met"], people_count=told["people"], newcomers=told["newcomers"],
                temperature_c=Decimal(heat) if heat else None, symptoms=told["symptoms"],
                handed_out=told["handed_out"], note=told["note"],
            )  # fmt: skip
            answer = {"household": household.pk, "new": record_visits([seen], by=None, at=now)}
    if as_json:
        return say_json(answer)
    return out.print(f"已记 {household.compound} {household.door}。")


def find_door(text: str) -> Any:
    """The household that somebody wrote: by its number, or as compound and door. Raises: NoSuchDoor."""
    from shouwang.lib.doors import parse_door
    from shouwang.register.models import Household

    if text.isdigit() and len(text) < 18:
        found = Household.objects.filter(pk=int(text))
    else:
        read = parse_door(text)
        if not read:
            raise NoSuchDoor(text=text)
        found = Household.objects.filter(building=read.building, unit=read.unit or "", room=read.room)
        if read.compound:
            found = found.filter(compound__in=[read.compound, read.compound.split("社区")[-1]])
    rows = list(found[:2])
    if len(rows) != 1:
        raise NoSuchDoor(text=text)
    return rows[0]


@main.command("board")
@click.option("--area", help="区域编号")
@click.option("--by", type=click.Choice(["kind", "area"]), default="kind")
@click.option("--json", "as_json", is_flag=True)
def board_command(area: str | None, by: str, as_json: bool) -> None:
    """看板：到今晚 24:00 还差什么。"""
    now = ready()
    from shouwang.catalogue import DUTY_KINDS
    from shouwang.duties.board import Line, board
    from shouwang.lib.codes import LEVELS
    from shouwang.register.models import Area

    with everywhere("board", now):
        where = area_or_only(area)
        width = next((level for level in LEVELS if level > max(len(where), 11)), LEVELS[-2])
        lines = board(where, now=now, by=by, width=width)
        labels = dict(Area.objects.filter(code__in=lines).values_list("code", "label"))
        labels |= {name: kind.words for name, kind in DUTY_KINDS.items()}
    if as_json:
        return say_json(
            {"area": where, "now": now, "lines": {name: _figures(line) for name, line in lines.items()}}
        )
    table = Table("", *BOARD, title=f"今日看板 {now:%m-%d %H:%M}")
    for name, line in [*lines.items(), ("合计", sum(lines.values(), Line()))]:
        figures = (line.left, line.overdue, line.done, line.late, line.waived, line.missed, line.running)
        table.add_row(labels.get(name, name), *map(str, figures))
    return out.print(table)


def _figures(line: Any) -> dict[str, int]:
    from dataclasses import asdict

    return {**asdict(line), "left": line.left, "total": line.total}


@main.command("close-day")
@click.option("--area", help="社区编号")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="哪一天（默认今天；零点过后默认昨天）")
@click.option("--pre", is_flag=True, help="只预结，看看账，不封")
@click.option("--json", "as_json", is_flag=True)
def close_day_command(area: str | None, day: datetime | None, pre: bool, as_json: bool) -> None:
    """今日结账：没办完的写明原因转次日，账总是平的。"""
    now = ready()
    from shouwang.catalogue import ANSWERS, DUTY_KINDS
    from shouwang.duties.close import pre_close
    from shouwang.flows.end_of_day import REASON_WORDS, close_day

    chosen: date = day.date() if day else day_of(now - NIGHT)
    reasons: dict[str, int] = {}
    with everywhere("close-day", now):
        where = area_or_only(area)[:12]
        if pre:
            books = pre_close(where, chosen, now=now)
        else:
            closing = close_day(where, chosen, now=now, by=None, answers=ANSWERS)
            books = {row["kind"]: row for row in closing.accounts.values("kind", *COLUMNS)}
            reasons = dict(Counter(closing.carried.values_list("reason", flat=True)))
    if as_json:
        return say_json(
            {"area": where, "day": chosen, "closed": not pre, "accounts": books, "carried_because": reasons}
        )
    table = Table("", *COLUMNS.values())
    for kind, account in books.items():
        table.add_row(DUTY_KINDS[kind].words, *(str(account[name]) for name in COLUMNS))
    out.print(table)
    for reason, amount in sorted(reasons.items(), key=lambda pair: -pair[1]):
        out.print(f"转次日原因 {REASON_WORDS[reason]}：{amount}")
    return out.print("账已平。" + ("（预结，未封账）" if pre else "已封账。更正另记，不改原账。"))
