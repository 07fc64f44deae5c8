"""Pushed lists in, and back to their senders."""

import csv
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from rich.table import Table

from shouwang.cli import everywhere, main, out, progress, ready, say_json
from shouwang.cli.day import area_or_only
from shouwang.lib.errors import Refusal

COLUMNS = ("file", "row", "outcome", "matched_id", "matched_name", "compound", "door", "why")
WORDS = {
    "again": "之前收过",
    "rows": "行",
    "people": "人",
    "settled_before": "之前已核实",
    "newer_edition": "新版的不同",
    "rows_found": "已对上",
    "rows_candidates": "请选人",
    "rows_new": "底册没有",
    "rows_not_ours": "非本辖区",
}
DIFFERS = {"same": "不变", "changed": "改了", "added": "新的", "gone": "去掉"}


class NotAList(Refusal):
    code = "cli.not_a_list"
    sentence = "没有编号是“{text}”的名单。编号在 push-list --json 里，也在名单页的网址里。"


class WhichCommunity(Refusal):
    code = "cli.which_community"
    sentence = "这里有几个社区。请用 --area 写明名单发给哪一个。"


@main.command("push-list")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--source", "sender", required=True, help="谁发来的，如 大数据办")
@click.option("--area", help="发给哪个社区；只有一个社区时不用写")
@click.option("--category", default="", help="预案里的人员类型，如 returnee")
@click.option("--kind", type=click.Choice(["pushed", "codes"]), default="pushed", help="codes 是转码申请名单")
@click.option(
    "--out", "result", type=click.Path(dir_okay=False, path_type=Path), help="每一行对上了谁，存成 CSV"
)
@click.option(
    "--newer", type=click.Choice(["take", "look", "own"]), default="take",
    help="是收过的名单的新版时：take 按新版收，look 只说不同、先不收，own 另收一份",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
def push_list_command(
    files: tuple[Path, ...],
    sender: str,
    area: str | None,
    category: str,
    kind: str,
    result: Path | None,
    newer: str,
    as_json: bool,
) -> None:
    """收名单：一个或几个文件，每一行和底册对上，从现在起计时。"""
    now = ready()
    from shouwang.register.intake.files import keep
    from shouwang.screening.editions.taking import take_newer
    from shouwang.screening.lists.receiving import KIND, receive

    with everywhere("push-list", now):
        code = area_or_only(area)
        if not code:
            raise WhichCommunity()
        told = []
        for file in files:
            with progress(f"收 {file.name}") as step:
                received = receive(
                    file.read_bytes(), file.name, area=code, sender=sender, category=category, source=kind,
                    by=None, at=now, of_its_own=newer == "own", progress=step,
                )  # fmt: skip
            if received.differs and newer == "take":
                upload = keep(file.read_bytes(), file.name, community=code, by=None, at=now, kind=KIND)
                take_newer(received.list, upload, by=None, at=now)
                received.list.refresh_from_db()
            told.append((file, received))
        if result:
            _write(result, [(file.name, received.list.pk) for file, received in told], code, now)
    lists = [{"file": file.name, **received.as_json()} for file, received in told]
    if as_json:
        return say_json(lists)
    return _show(lists)


@main.command("return-list")
@click.argument("list_id")
@click.option("--out", "result", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def return_list_command(list_id: str, result: Path, as_json: bool) -> None:
    """反馈：发来的那张表，填好核查结果，存成文件。"""
    now = ready()
    from shouwang.screening.lists.returning import return_list

    try:
        pk = UUID(list_id)
    except ValueError as wrong:
        raise NotAList(text=list_id) from wrong
    with everywhere("return-list", now):
        made, name, content = return_list(pk, by=None, at=now)
    result.write_bytes(content)
    told = {"file": name, "rows": made.rows, "settled": made.settled, "left": made.rows - made.settled}
    if as_json:
        return say_json(told)
    return out.print(f"{made.rows} 行，有结果 {made.settled} 行，存到 {result}", highlight=False)


def _write(path: Path, lists: list[tuple[str, UUID]], area: str, now: Any) -> None:
    """Whole ID numbers leave for the operator alone, and a line says so before."""
    from shouwang.access.audit import record
    from shouwang.screening.lists.telling import told_rows

    record("screening.matches_in_clear", at=now, area=area, lists=[pk for _name, pk in lists])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for name, pk in lists:
            writer.writerows((name, *row) for row in told_rows(pk))
    path.chmod(0o600)


def _show(lists: list[dict[str, Any]]) -> None:
    table = Table(title="收到的名单")
    for heading in ("名单", *WORDS.values()):
        table.add_column(heading)
    for one in lists:
        cells = [one["title"]]
        for name in WORDS:
            cells.append(_said(name, one.get(name, 0)))
        table.add_row(*cells)
    out.print(table)


def _said(name: str, told: Any) -> str:
    if name == "again":
        return "是" if told else ""
    if name == "newer_edition":
        return "、".join(f"{DIFFERS[one]} {rows}" for one, rows in told.items()) if told else ""
    return str(told)
