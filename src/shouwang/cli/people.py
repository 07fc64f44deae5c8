"""Accounts, grants, and which plan holds."""

from datetime import timedelta

import click

from shouwang.cli import everywhere, main, out, ready, say_json
from shouwang.lib.errors import Refusal


class NameTaken(Refusal):
    code = "cli.name_taken"
    sentence = "登录名“{username}”已经有人用了。"


@main.command("add-user")
@click.argument("username")
@click.option("--name", required=True, help="姓名")
@click.option("--role", required=True, help="角色，如 secretary")
@click.option("--area", "areas", multiple=True, required=True, help="负责的区域编号，可以写几个")
@click.option("--days", type=int, help="多少天后自动收回")
@click.password_option(prompt="密码", confirmation_prompt="再输一次")
def add_user_command(
    username: str, name: str, role: str, areas: tuple[str, ...], days: int | None, password: str
) -> None:
    """开一个账号，并给它一个角色和负责的区域。"""
    now = ready()
    from shouwang.access.actions import add_user, grant
    from shouwang.access.models import User

    with everywhere("add-user", now):
        if User.objects.filter(username=username).exists():
            raise NameTaken(username=username)
        user = add_user(username, name=name, password=password, at=now)
        until = now + timedelta(days=days) if days else None
        grant(user, role=role, areas=areas, until=until, by=None, at=now)
    out.print(f"已开账号 {username}（{name}）。")


@main.command("plans")
@click.option("--json", "as_json", is_flag=True)
def plans_command(as_json: bool) -> None:
    """有哪些预案，哪里在用。"""
    now = ready()
    from shouwang.plans.loader import load, shipped
    from shouwang.plans.models import Activation

    with everywhere("plans", now):
        held = list(Activation.objects.in_force(now).values_list("area_code", "plan__name"))
    if as_json:
        return say_json({"shipped": sorted(shipped()), "in_force": held})
    for name, path in shipped().items():
        used = "、".join(area for area, plan in held if plan == name)
        out.print(
            f"{name}  {load(path).words.zh_hans}" + (f"  正在用：{used}" if used else ""),
            highlight=False,
            soft_wrap=True,
        )
    return None


@main.command("activate")
@click.argument("plan")
@click.option("--area", help="区域编号；只有一个社区时可以不写")
@click.option("--reason", required=True, help="依据，如上级文件号")
@click.option("--preview", is_flag=True, help="只看会变什么，不启用")
def activate_command(plan: str, area: str | None, reason: str, preview: bool) -> None:
    """平急转换：从现在起这里用这个预案。"""
    now = ready()
    from shouwang.cli.day import area_or_only
    from shouwang.plans.actions import activate, read, what_changes
    from shouwang.plans.filling import keep_filled

    with everywhere("activate", now):
        where = area_or_only(area)
        version = keep_filled(plan, area=where, at=now)
        changes = what_changes(where, version, now=now)
        if not preview:
            activate(where, version, reason=reason, by=None, at=now)
    for change in changes:
        out.print(f"· {change.sentence}", highlight=False, soft_wrap=True)
    for setting in read(version).to_be_set:
        out.print(
            f"[yellow]要定[/] {setting.key}：{setting.note or '没有找到统一规定，请按本地要求填写'}",
            highlight=False,
            soft_wrap=True,
        )
    out.print("预览，没有启用。" if preview else f"已启用 {plan}。")
