"""The town enters the register: its four workbooks are imported, its grids are made, by the clerk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shouwang.access.models import User
from shouwang.demo.families import SEED, families
from shouwang.demo.invented import Inventor
from shouwang.demo.shops import shops
from shouwang.demo.staff import Staff, staff
from shouwang.demo.workbooks import write_helpers, write_places, write_register, write_responsibility
from shouwang.lib.codes import subtree
from shouwang.register.importing.helpers import import_helpers
from shouwang.register.importing.people import import_register
from shouwang.register.importing.places import import_places
from shouwang.register.importing.responsibility import import_responsibility
from shouwang.register.models import Area, Helper
from shouwang.register.responsibility import give_to_grid, make_grid

HOUSEHOLDS, PEOPLE, HELPERS, SHOPS = 4812, 12_500, 158, 240
FEWEST_HOUSEHOLDS, FEWEST_SHOPS = 40, 6

Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How many live and work in the town."""

    households: int
    people: int
    helpers: int
    shops: int

    @classmethod
    def of(cls, scale: float) -> "Size":
        """The whole town at 1, and in proportion below."""
        households = max(FEWEST_HOUSEHOLDS, round(HOUSEHOLDS * scale))
        people = max(households * PEOPLE // HOUSEHOLDS, round(PEOPLE * scale))
        return cls(households, people, round(HELPERS * scale), max(FEWEST_SHOPS, round(SHOPS * scale)))


def write_books(folder: Path, size: Size, at: datetime) -> tuple[Staff, list[Path]]:
    """The town on paper: four workbooks in the folder."""
    inventor = Inventor(SEED, at.date())
    homes = families(size.households, size.people, inventor)
    town = staff([home.door for home in homes], size.helpers, inventor)
    places = shops(size.shops, inventor)
    return town, [
        write_register(folder, homes),
        write_helpers(folder, town),
        write_responsibility(folder, town),
        write_places(folder, places),
    ]


def import_books(books: list[Path], community: str, *, by: User, at: datetime, say: Say) -> None:
    """Each workbook goes through the import of its kind."""
    takers = (import_register, import_helpers, import_responsibility, import_places)
    for take, book in zip(takers, books, strict=True):
        say(f"正在导入《{book.stem}》……")
        take(book, book.name, community=community, by=by, at=at)


def make_grids(town: Staff, community: str, *, by: User, at: datetime) -> None:
    """The grids of the community, each with its lead."""
    low, high = subtree(community)
    codes = dict(
        Area.objects.filter(level="compound", code__gte=low, code__lt=high).values_list("label", "code")
    )
    leads = dict(Helper.objects.filter(kind="网格长").values_list("name", "pk"))
    for patch in town.grids:
        areas = [codes[name] for name in patch.compounds]
        grid = make_grid(name=patch.name, area_code=community, area_codes=areas, by=by, at=at)
        give_to_grid(role="grid_lead", helper=leads[patch.lead.name], grid=grid.pk, by=by, at=at)
