"""A code on a sheet of A4: for a post's wall, for the poster that asks for volunteers."""

from collections.abc import Iterable
from dataclasses import dataclass

from shouwang.desk.doors import DeskRequest
from shouwang.lib.codes import COMMUNITY
from shouwang.outreach.channels import community_ways


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is printed: its heading, its sentences, the code and the address below it."""

    title: str
    said: tuple[str, ...]
    link: str


def sheets(request: DeskRequest, leading: Iterable[tuple[str, str]], said: tuple[str, ...]) -> list[Sheet]:
    """Sheets that lead to pages of ours, by the community's own address where it has one.

    Shape: `leading` are headings, each with the path of its page.
    """
    office = community_ways(request.grants.codes[0][:COMMUNITY]).office
    own = office.address if office else request.build_absolute_uri("/")
    return [Sheet(title, said, own.rstrip("/") + path) for title, path in leading]
