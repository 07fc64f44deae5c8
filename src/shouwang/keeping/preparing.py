"""Another server than our own, made ready: a database, two accounts, and the addresses to set."""

import secrets
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from shouwang.lib.errors import Refusal
from shouwang.lib.postgres import prepare

OLDEST, NEWEST = 15, 18
PASSWORD_BYTES = 24


class CannotConnect(Refusal):
    code = "keeping.cannot_connect"
    sentence = "连不上数据库服务器：{reason}"


class AlreadyPrepared(Refusal):
    code = "keeping.already_prepared"
    sentence = "账号“{role}”已经有了。再做一次会换掉它的密码，正在用它的服务会连不上；确实要换，请加 --new-passwords。"


class WrongServer(Refusal):
    code = "keeping.wrong_server"
    sentence = "这台服务器是 PostgreSQL {found}。守望要 {oldest} 到 {newest}。"


def prepare_database(admin_url: str, database: str, *, new_passwords: bool) -> dict[str, str]:
    """Makes database and accounts with fresh passwords on a server, and says the two addresses.

    Shape: DATABASE_URL and DATABASE_OWNER_URL, as URLs that a shell reads without quotes.
    Raises: CannotConnect, WrongServer, AlreadyPrepared, WrongOrder.
    """
    roles = {"app": f"{database}_app", "owner": f"{database}_owner"}
    _look_first(admin_url, roles, new_passwords)
    words = {who: secrets.token_urlsafe(PASSWORD_BYTES) for who in roles}
    try:
        prepare(
            admin_url,
            database=database,
            owner=roles["owner"],
            owner_password=words["owner"],
            app=roles["app"],
            app_password=words["app"],
        )
    except psycopg.Error as error:
        raise CannotConnect(reason=error) from error
    return {
        name: address(admin_url, database=database, user=roles[who], password=words[who])
        for name, who in (("DATABASE_URL", "app"), ("DATABASE_OWNER_URL", "owner"))
    }


def address(admin_url: str, *, database: str, user: str, password: str) -> str:
    """The admin's address, said of another role and database."""
    known = {name: str(value) for name, value in conninfo_to_dict(admin_url).items() if value is not None}
    host, port = known.pop("host", ""), known.pop("port", "")
    for personal in ("user", "password", "dbname", "options", "passfile"):
        known.pop(personal, None)
    rest = "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted(known.items()))
    where = (f"[{host}]" if ":" in host else quote(host, safe="")) + (f":{port}" if port else "")
    return f"postgresql://{quote(user, safe='')}:{password}@{where}/{quote(database, safe='')}{'?' + rest if rest else ''}"


def _look_first(admin_url: str, roles: dict[str, str], new_passwords: bool) -> None:
    try:
        with psycopg.connect(admin_url, connect_timeout=10) as admin:
            found = admin.info.server_version // 10000
            taken = admin.execute(
                "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(roles.values())]
            ).fetchone()
    except (psycopg.Error, ValueError) as error:
        raise CannotConnect(reason=error) from error
    if not OLDEST <= found <= NEWEST:
        raise WrongServer(found=found, oldest=OLDEST, newest=NEWEST)
    if taken and not new_passwords:
        raise AlreadyPrepared(role=taken[0])
