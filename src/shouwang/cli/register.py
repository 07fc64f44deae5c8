"""Workbooks in, search."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from shouwang.cli import everywhere, main, out, progress, ready, say_json

DOUBTS_SHOWN = 20


@main.command("import-register")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--area", help="社区的 12 位编号；不写就按表名找，没有就先建一个")
@click.option("--preview", is_flag=True, help="只看会变什么，不写入")
@click.option("--doubts", type=click.Path(dir_okay=False, path_type=Path), help="把要人看的行另存为一个表格")
@click.option("--json", "as_json", is_flag=True)
def import_register_command(
    file: Path, area: str | None, preview: bool, doubts: Path | None, as_json: bool
) -> None:
    """导入一个表格：人口底册、场所底册、包保责任表、防控力量花名册，看表头就知道是哪一种。"""
    now = ready()
    from shouwang.register.intake.files import import_workbook
    from shouwang.register.intake.workbook import rows_to_check

    with progress(f"导入 {file.name}") as step, everywhere("import-register", now):
        report = import_workbook(
            file.read_bytes(), file.name, community=area, by=None, at=now, progress=step, dry_run=preview
        )
    if doubts:
        doubts.write_bytes(rows_to_check(report))
    if as_json:
        return say_json(report.as_json())
    return _show(report.as_json(), preview)


def _show(told: dict[str, Any], preview: bool) -> None:
    table = Table(title="预览（未写入）" if preview else "已导入")
    table.add_column("")
    table.add_column("", justify="right")
    for name, value in told.items():
        if name != "doubts":
            table.add_row(name, str(value))
    out.print(table)
    for doubt in told["doubts"][:DOUBTS_SHOWN]:
        out.print(
            f"{doubt['sheet']} 第{doubt['row']}行 {doubt['column']}列：{doubt['what']}", highlight=False
        )
    if len(told["doubts"]) > DOUBTS_SHOWN:
        out.print(f"……共 {len(told['doubts'])} 处要人看，用 --doubts 文件名 存成表格。")


@main.command("search")
@click.argument("text")
@click.option("--json", "as_json", is_flag=True)
def search_command(text: str, as_json: bool) -> None:
    """找人、找户：姓名、拼音、首字母、证件或手机后四位、门牌 3-2-502。"""
    now = ready()
    from shouwang.register.finding.search import search

    with everywhere("search", now):
        hits = [asdict(hit) for hit in search(text, codes=[""])]
    if as_json:
        return say_json(hits)
    for hit in hits:
        out.print(f"{hit['title']}  {hit['detail']}", highlight=False)
    return None
