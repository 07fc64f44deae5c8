"""The ways out for messages: gateways and groups, whose addresses hold keys and are never shown again."""

import click

from shouwang.cli import everywhere, main, out, ready, say_json


@main.command("add-channel")
@click.option("--area", help="区域编号；只有一个社区时可以不写")
@click.option("--name", required=True, help="叫什么，如“街道短信平台”")
@click.option(
    "--url",
    prompt="通道地址（输入时不显示）",
    hide_input=True,
    help="apprise 地址；不写就当面问，不留在命令记录里",
)
def add_channel_command(area: str | None, name: str, url: str) -> None:
    """加一个发短信的通道。地址加密保存，以后谁也看不到。

    短信网关：jsons://网关/路径?:to={phone}&:id={id}，{phone} 是号码放的地方，{id} 是每条短信自己的编号，网关可以用它防止重发。
    工作群和邮箱：wecombot://…、dingtalk://…、feishu://…、mailtos://…。
    """
    now = ready()
    from shouwang.cli.day import area_or_only
    from shouwang.outreach.channels import KIND_WORDS, add_channel

    with everywhere("add-channel", now):
        channel = add_channel(area_or_only(area), name=name, url=url.strip(), by=None, at=now)
    out.print(f"已加通道 {channel.pk}：{channel.name}（{KIND_WORDS[channel.kind]}）。")


@main.command("channels")
@click.option("--json", "as_json", is_flag=True)
def channels_command(as_json: bool) -> None:
    """有哪些发短信的通道。"""
    now = ready()
    from shouwang.outreach.channels import KIND_WORDS
    from shouwang.outreach.models import Channel

    with everywhere("channels", now):
        found = list(Channel.objects.filter(ended_at=None).order_by("area_code", "id"))
    if as_json:
        return say_json(
            [{"id": one.pk, "area": one.area_code, "kind": one.kind, "name": one.name} for one in found]
        )
    for one in found:
        out.print(f"{one.pk}  {one.area_code}  {KIND_WORDS[one.kind]}  {one.name}", highlight=False)
    return None


@main.command("end-channel")
@click.argument("channel", type=int)
def end_channel_command(channel: int) -> None:
    """停用一个通道。"""
    now = ready()
    from shouwang.outreach.channels import end_channel

    with everywhere("end-channel", now):
        end_channel(channel, by=None, at=now)
    out.print(f"通道 {channel} 停用了。")
