"""Keeping an installation: check, backup, restore, upgrade, another server's database."""

import os
import sys
from pathlib import Path

import click
from rich.table import Table

from shouwang import installation
from shouwang.cli import everywhere, main, out, progress, ready, say_json, screen
from shouwang.lib import clock


def _say(words: str) -> None:
    screen.print(words, style="dim")


def _awake() -> None:
    """Tables of an earlier version stay as they are, so that they can be backed up before they change."""
    installation.wake(_say)
    from django.db import connection

    if not connection.introspection.table_names():
        ready()


@main.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--without-keys", is_flag=True, help="备份里不放密钥：密钥要另外保存，恢复时要用")
@click.option("--json", "as_json", is_flag=True)
def backup_command(file: Path | None, without_keys: bool, as_json: bool) -> None:
    """备份：数据、原始表格和密钥放进一个文件，大家照常工作。"""
    _awake()
    now, data = clock.now(), installation.data_folder()
    from shouwang.access.audit import record as audit
    from shouwang.keeping.backing_up import back_up, sealing_key, usual_file

    target = (file or usual_file(data, now)).resolve()
    with progress(f"备份到 {target.name}") as step:
        made = back_up(target, data=data, with_keys=not without_keys, now=now, say=_say, step=step)
    with everywhere("backup", now):
        audit("keeping.backup", at=now, file=target.name, rows=made.rows, with_keys=not without_keys)
    size = target.stat().st_size
    if as_json:
        return say_json(
            {
                "file": str(target),
                "bytes": size,
                "tables": len(made.tables),
                "rows": made.rows,
                "with_keys": not without_keys,
            }
        )
    out.print(
        f"备份好了：{target}（{size / 1e6:.1f} MB，{len(made.tables)} 张表，{made.rows} 行）",
        soft_wrap=True,
        highlight=False,
    )
    if without_keys:
        return out.print(
            f"里面没有密钥。请把 {sealing_key(data)} 另外保存好：没有它，恢复出来的证件号和电话谁也打不开。",
            soft_wrap=True,
            highlight=False,
        )
    return out.print("密钥在里面：谁拿到这个文件，谁就看得到全部证件号和电话。请像保管户口底册一样保管它。")


@main.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="放进哪个空文件夹（默认就是数据文件夹）")
@click.option(
    "--sealing-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="不带密钥的备份：当时另存的密钥文件",
)
@click.option("--json", "as_json", is_flag=True)
def restore_command(file: Path, into: Path | None, sealing_key: Path | None, as_json: bool) -> None:
    """恢复：把一份备份放进一个空文件夹，并逐表核对。"""
    folder = (into or installation.data_folder()).expanduser().resolve()
    from shouwang.keeping.restoring import restore

    with progress("恢复") as step:
        told = restore(file, folder, key=sealing_key, say=_say, step=step)
    os.environ["SHOUWANG_DATA"] = str(folder)
    now = ready()
    from shouwang.access.audit import record as audit

    with everywhere("restore", now):
        audit("keeping.restore", at=now, file=file.name, made_at=told.made_at, rows=told.rows)
    if as_json:
        return say_json(
            {"folder": str(folder), "tables": len(told.tables), "rows": told.rows, "made_at": told.made_at}
        )
    return out.print(
        f"恢复好了：{folder}。{len(told.tables)} 张表、{told.rows} 行，和 {told.made_at:%Y-%m-%d %H:%M} 备份时一字不差。",
        soft_wrap=True, highlight=False,
    )  # fmt: skip


@main.command("upgrade")
@click.option("--json", "as_json", is_flag=True)
def upgrade_command(as_json: bool) -> None:
    """升级：把数据表和自带的数据库换成这个版本的。请先停下服务。"""
    data = installation.data_folder()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    from shouwang.keeping.running import held
    from shouwang.keeping.upgrading import move_server

    with held(data):
        moved = None
        if installation.embedded():
            with progress("升级") as step:
                moved = move_server(data, say=_say, step=step)
        installation.wake(_say)
        behind = installation.behind()
        ready()
    if as_json:
        return say_json({"server": moved, "tables_changed": behind})
    if moved:
        out.print(f"自带的数据库已从 PostgreSQL {moved[0]} 换到 {moved[1]}，逐表核对过，一字不差。")
    return out.print("数据表已换成这个版本的。" if behind else "数据表本来就是这个版本的。")


@main.command("prepare-database")
@click.argument("admin_url")
@click.option("--database", default="shouwang", show_default=True, help="库名")
@click.option("--new-passwords", is_flag=True, help="账号已经有了：换新密码（正在用旧密码的服务要改设置）")
def prepare_database_command(admin_url: str, database: str, new_passwords: bool) -> None:
    """在另一台 PostgreSQL 服务器上建好数据库和两个账号，打印要设的两行。"""
    from shouwang.keeping.preparing import prepare_database

    for name, address in prepare_database(admin_url, database, new_passwords=new_passwords).items():
        click.echo(f"{name}={address}")


@main.command("check")
@click.option("--json", "as_json", is_flag=True)
def check_command(as_json: bool) -> None:
    """检查：这套系统哪里不对，为什么要紧，怎么办。没有问题返回 0，有问题返回 1。"""
    _awake()
    now = clock.now()
    import psycopg
    from django.db import connection

    from shouwang.keeping.checking import check
    from shouwang.keeping.database import access_to
    from shouwang.keeping.finding import Place

    data = installation.data_folder()
    with everywhere("check", now), psycopg.connect(access_to(data).dsn, autocommit=True) as owner:
        found = check(Place(data, owner, connection, now))
    if as_json:
        say_json([vars(finding) for finding in found])
    elif found:
        table = Table("哪里不对", "为什么要紧", "怎么办", title=f"有 {len(found)} 个问题", show_lines=True)
        for finding in found:
            table.add_row(finding.what, finding.why, finding.todo)
        out.print(table)
    else:
        out.print("没有发现问题。")
    sys.exit(1 if found else 0)


@main.command("recode")
@click.argument("old")
@click.argument("new")
def recode_command(old: str, new: str) -> None:
    """换编号：临时编号的社区（或小区、楼栋）换成正式的，里面的一切跟着换。"""
    now = ready()
    from shouwang.keeping.database import access_to
    from shouwang.keeping.recoding import recode

    changed = recode(access_to(installation.data_folder()).dsn, old, new, at=now)
    out.print(f"已把 {old} 换成 {new}，共 {changed} 行。")
