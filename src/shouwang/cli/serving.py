"""Serving the pages, the demo, the measurements."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import FrameType

import click
from rich.table import Table

from shouwang import installation
from shouwang.cli import main, out, ready, say_json, screen
from shouwang.keeping.certificates import LOCAL, Certificates, certificates, own_addresses
from shouwang.keeping.running import held
from shouwang.keeping.trusting import serve_trust
from shouwang.lib.errors import Refusal
from shouwang.lib.postgres import Cluster

EVERY_ADDRESS = ("0.0.0.0", "::")
WORKER = ["procrastinate", "worker", "--concurrency", "2"]


class NoBenches(Refusal):
    code = "cli.no_benches"
    sentence = "这里没有 bench 文件夹。测速要在源代码目录里运行。"


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="只有明说才对外开放")
@click.option("--port", default=8000, show_default=True, type=int)
@click.option("--tls", is_flag=True, help="用自己的证书，给办公室无线网里的手机")
def serve_command(host: str, port: int, tls: bool) -> None:
    """开始服务：网页和后台任务，按 Ctrl-C 停止。"""
    now = ready()
    serve(host, port, secured(host, port, now) if tls else None)


@main.command("demo")
@click.option("--serve/--no-serve", "serving", default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=int)
def demo_command(serving: bool, host: str, port: int) -> None:
    """演示：一个编出来的社区，停在一个工作日的下午。"""
    now = ready()
    from shouwang import demo

    demo.make(lambda said: screen.print(said, style="dim"), now=now)
    installation.set_clock()
    table = Table("角色", "登录名", "密码", title="演示账号（人名、证件、电话都是编的）")
    for account in demo.ACCOUNTS:
        table.add_row(account.words, account.username, demo.PASSWORD)
    out.print(table)
    if serving:
        serve(host, port)


def serve(host: str, port: int, tls: Certificates | None = None) -> None:
    """Runs web server and worker until told to stop, and ends the database server it owns."""
    web = web_command(host, port, tls)
    worker = [sys.executable, "-m", "django", *WORKER]
    with held(installation.data_folder()):
        children = [subprocess.Popen(command) for command in (web, worker)]

        def stop(number: int = 0, frame: FrameType | None = None) -> None:
            for child in children:
                child.terminate()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        _wait_for(host, port, children)
        out.print(f"守望已打开：[bold]{'https' if tls else 'http'}://{host}:{port}/[/]  （Ctrl-C 停止）")
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)  # one does not go on without the other
        stop()
        for child in children:
            child.wait()
        if installation.embedded():
            Cluster(installation.data_folder()).stop()


def secured(host: str, port: int, now: datetime) -> Certificates:
    """Our own certificate for every address under which phones may reach this computer, and the page that installs it."""
    addresses = own_addresses() if host in EVERY_ADDRESS else [host]
    made = certificates(installation.data_folder() / "secrets" / "tls", addresses, now=now)
    names = [*addresses, *LOCAL]
    os.environ.setdefault("SHOUWANG_HOSTS", ",".join(names))
    os.environ.setdefault("SHOUWANG_ORIGINS", ",".join(f"https://{name}:{port}" for name in names))
    os.environ["SHOUWANG_HTTPS"] = "1"
    first = (addresses or list(LOCAL))[0]
    page = f"http://{first}:{port + 1}/"
    serve_trust(made, host=host, port=port + 1, https=f"https://{first}:{port}/", page=page)
    out.print(
        f"手机先打开 [bold]{page}[/] 装一次证书（打印出来就是海报）。指纹：{made.fingerprint}", soft_wrap=True
    )
    return made


def web_command(host: str, port: int, tls: Certificates | None = None) -> list[str]:
    """How the web server is started."""
    files = (
        [
            "--ssl-certificate",
            str(tls.server),
            "--ssl-keyfile",
            str(tls.server_key),
            "--ssl-protocol-min",
            "tls1.2",
        ]
        if tls
        else []
    )
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning", *files,
        "shouwang.wsgi:application",
    ]  # fmt: skip


def _wait_for(host: str, port: int, children: list[subprocess.Popen[bytes]]) -> None:
    """The address is said when somebody can open it."""
    while all(child.poll() is None for child in children):
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.05)


@main.command("bench")
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True)
def bench_command(names: tuple[str, ...], as_json: bool) -> None:
    """测速：和同一次运行里的参照比。"""
    root = Path(__file__).resolve().parents[3]
    if not (root / "bench" / "__init__.py").exists():
        raise NoBenches()
    sys.path.insert(0, str(root))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.settings")
    from bench import BENCHES

    results = [vars(result) for name in names or BENCHES for result in BENCHES[name]()]
    if as_json:
        say_json(results)
    else:
        table = Table("", "实测", "单位", "参照", "比值", "目标", "达到")
        for result in results:
            table.add_row(*("" if value is None else str(value) for value in result.values()))
        out.print(table)
    sys.exit(0 if all(result["holds"] for result in results) else 1)
