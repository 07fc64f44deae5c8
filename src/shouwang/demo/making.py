"""The whole demo in one transaction: either the town is there with its day, or nothing is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from shouwang.access.scope import scope
from shouwang.demo.day import play
from shouwang.demo.log_ins import give_areas, make_field_teams, make_log_ins
from shouwang.demo.moment import moment_on, remember, remembered, working_day
from shouwang.demo.population import Size, import_books, make_grids, write_books
from shouwang.demo.workbooks import COMMUNITY
from shouwang.lib.codes import COMMUNITY as COMMUNITY_LENGTH
from shouwang.lib.codes import DISTRICT, SUBDISTRICT
from shouwang.lib.errors import Refusal
from shouwang.outreach.channels import set_office
from shouwang.register.areas import name_area, say_town
from shouwang.register.models import Area

# A division that no country has.
CODE = "990101001001"
NAMES = {DISTRICT: "演示区", SUBDISTRICT: "望春街道", COMMUNITY_LENGTH: COMMUNITY}
BOOKS = "demo"
OFFICE = {"name": COMMUNITY, "phone": "19900000000", "address": "https://wangchun.example"}
LIES_IN = ("河南", "望春")  # the city is as invented as the town

Say = Callable[[str], None]


class AlreadyInUse(Refusal):
    code = "demo.already_in_use"
    sentence = "这个数据文件夹里已经有“{community}”的资料，不能再放演示。请换一个文件夹：SHOUWANG_DATA=另一个文件夹。"


def make_town(say: Say, *, now: datetime, scale: float) -> None:
    """Makes the town and plays its day; does nothing where it is there already.

    Raises: AlreadyInUse.
    """
    moment = moment_on(working_day(now))
    if remembered(settings.DATA):
        return
    there = Area.objects.filter(level="community").order_by("code").first()
    if there and there.code != CODE:
        raise AlreadyInUse(community=there.label)
    if not there:
        with scope([CODE[:DISTRICT]]):
            _make(say, moment=moment, scale=scale)
    remember(settings.DATA, moment)


def _make(say: Say, *, moment: datetime, scale: float) -> None:
    founded = moment - timedelta(days=3)
    for length, label in NAMES.items():
        name_area(CODE[:length], label, by=None, at=founded)
    say_town(CODE, *LIES_IN, by=None, at=founded)
    set_office(CODE, **OFFICE, daily_most=2, by=None, at=founded)
    say("正在编出一个社区：13个小区……")
    town, books = write_books(_folder(), Size.of(scale), founded)
    users = make_log_ins(town, at=founded)
    import_books(books, CODE, by=users["clerk"], at=founded, say=say)
    make_grids(town, CODE, by=users["clerk"], at=founded)
    give_areas(users, CODE, at=founded)
    teams = make_field_teams(CODE, at=founded)
    say("正在过一天：昨天的一轮、结账、今天的一轮……")
    play(CODE, users, teams, moment=moment)


def _folder() -> Path:
    folder = Path(settings.DATA) / BOOKS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
