"""The end of a response at the console: two people named, everything destroyed, the certificate printed; evidence opened."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click

from shouwang import installation
from shouwang.cli import everywhere, main, out, progress, ready, say_json
from shouwang.lib import clock
from shouwang.lib.errors import Refusal

if TYPE_CHECKING:
    from shouwang.access.models import User
    from shouwang.retention.models import Closing


class NoSuchAccount(Refusal):
    code = "cli.no_such_account"
    sentence = "没有叫“{name}”的账号，或者它没有“结束应急”的权限。"


class NotYetDestroyed(Refusal):
    code = "cli.not_yet_destroyed"
    sentence = "已经确认，但现在还做不了：别处正在做，或者今天已经结过账。过了零点会自动接着做。"


@main.command("close-response")
@click.option("--area", help="区域编号；只有一个社区时可以不写")
@click.option("--proposed-by", required=True, help="谁提出（账号）")
@click.option("--confirmed-by", required=True, help="谁确认（另一个账号）")
@click.option("--reason", required=True, help="依据，如上级宣布应急结束的文件号")
@click.option("--witness", required=True, help="见证人（姓名、单位）")
@click.option("--yes", is_flag=True, help="不再问一遍")
@click.option("--json", "as_json", is_flag=True)
def close_response_command(
    area: str | None, proposed_by: str, confirmed_by: str, reason: str, witness: str, yes: bool, as_json: bool
) -> None:
    """结束应急：销毁这里的全部个人信息，出证明。断了再运行一次，会接着做完。"""
    now = ready()
    from shouwang.access.scope import scope
    from shouwang.cli.day import area_or_only
    from shouwang.flows.ending.close_out import closing_of, confirm_end, propose_end

    with everywhere("close-response", now):
        code = area_or_only(area)
        closing = closing_of(code)
    if closing is None or closing.finished_at or not closing.confirmed_at:
        if not yes:
            click.confirm(f"{code} 的全部个人信息都会销毁，恢复备份也找不回。确定吗？", abort=True)
        one, other = (_account(name, code, now) for name in (proposed_by, confirmed_by))
        with scope([code]):
            if closing is None or closing.finished_at:
                closing = propose_end(code, reason=reason, witness=witness, by=one, at=now)
            confirm_end(closing, by=other, at=now)
    _carry_out(closing)
    with everywhere("close-response", now):
        closing.refresh_from_db()
    if as_json:
        return say_json({**closing.certificate, "sha256": closing.sha256})
    for words, amount, _ in closing.certificate["lines"]:
        out.print(f"{words}：{amount}", highlight=False)
    return out.print(
        f"销毁完了。证明编号 {closing.pk}，SHA-256 {closing.sha256}。", highlight=False, soft_wrap=True
    )


@main.command("open-evidence")
@click.argument("closing", type=click.UUID)
@click.option("--reason", required=True, help="谁要、依据什么")
def open_evidence_command(closing: UUID, reason: str) -> None:
    """打开结束应急时依法封存的证据，一行一条；打开会记入审计。"""
    now = ready()
    from django.conf import settings

    from shouwang.lib.sealing import sealer
    from shouwang.retention.evidence import open_evidence

    with everywhere("open-evidence", now):
        rows = open_evidence(
            closing, sealer=sealer(settings.SEALING_KEY_FILE), reason=reason, by=None, at=now
        )
        for row in rows:
            say_json(row)


def _account(name: str, area: str, now: datetime) -> "User":
    """Somebody who may end a response there. Raises: NoSuchAccount."""
    from shouwang.access.models import User
    from shouwang.access.scope import NoGrant, grants_of

    user = User.objects.filter(username=name, is_active=True).first()
    try:
        if user is None:
            raise NoGrant()
        grants_of(user, permission="response.close", now=now).require_area(area)
    except Refusal as refusal:
        raise NoSuchAccount(name=name) from refusal
    return user


def _carry_out(closing: "Closing") -> None:
    """Raises: NotYetDestroyed."""
    from django.conf import settings

    from shouwang.catalogue import ANSWERS, RETENTION
    from shouwang.flows.ending.destroy_response import Means, carry_out
    from shouwang.keeping.database import destroyer
    from shouwang.lib.sealing import sealer

    data, keys = installation.data_folder(), sealer(settings.SEALING_KEY_FILE)
    with destroyer(data) as owner, progress("销毁") as step:
        means = Means(owner, data, RETENTION, ANSWERS, keys, clock.now, step)
        if not carry_out(closing, means):
            raise NotYetDestroyed()
