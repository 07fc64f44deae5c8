"""Who could see too much: roles, row-level security, tables and server of another version."""

from collections.abc import Iterator

from shouwang import installation
from shouwang.keeping.finding import Finding, Place
from shouwang.keeping.preparing import NEWEST, OLDEST
from shouwang.lib.postgres import refuse_powerful
from shouwang.lib.postgres.roles import TooPowerful

# Which plan holds where and what was filled in there, how grids are cut, a community's telephone, where a poster hangs:
# these name nobody. A receipt is a digest that only its bearer can make.
OPEN_TABLES = [
    "outreach_office", "plans_activation", "plans_planversion", "register_grid", "register_gridarea",
    "screening_poster", "screening_receipt",
]  # fmt: skip
UNPROTECTED = (
    "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'area_code' "
    "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT a.attisdropped "
    "AND (NOT c.relrowsecurity OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)) "
    "AND c.relname <> ALL(%s) ORDER BY 1"
)
OWNED = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) = %s"


def unready(place: Place) -> Iterator[Finding]:
    """Tables that are not of this version."""
    if installation.behind():
        yield Finding(
            "tables_behind", "数据表还是旧版本的", "这个版本的功能用不了", "运行 shouwang upgrade"
        )  # fmt: skip


def powers(place: Place) -> Iterator[Finding]:
    """The app's account must not see past row-level security: neither by a power nor by owning tables."""
    try:
        refuse_powerful(place.app)
    except TooPowerful as refusal:
        yield Finding("role_too_powerful", str(refusal), "谁都看得到所有人的资料", "换回普通账号，再启动")
    app = place.app.settings_dict["USER"]
    if owned := place.one(OWNED, app):
        yield Finding(
            "app_owns_tables",
            f"账号“{app}”是 {owned} 张数据表的主人",
            "主人不受“只看自己负责的范围”约束",
            "用 DATABASE_OWNER_URL 的账号把这些表收回（ALTER TABLE … OWNER TO）",
        )


def protection(place: Place) -> Iterator[Finding]:
    """Every table with residents in it exists only inside a scope."""
    for (table,) in place.rows(UNPROTECTED, OPEN_TABLES):
        yield Finding(
            "not_protected",
            f"数据表 {table} 没有按区域保护",
            "不负责这里的人也看得到",
            f"用数据表主人的账号执行 ALTER TABLE {table} ENABLE ROW LEVEL SECURITY，并转告技术人员",
        )


def server(place: Place) -> Iterator[Finding]:
    """PostgreSQL 15 to 18."""
    found = place.owner.info.server_version // 10000
    if not OLDEST <= found <= NEWEST:
        yield Finding(
            "server_version",
            f"数据库服务器是 PostgreSQL {found}",
            f"守望只在 {OLDEST} 到 {NEWEST} 上试过",
            f"换到 PostgreSQL {OLDEST} 到 {NEWEST}",
        )


LOOKS = (powers, protection, server)
