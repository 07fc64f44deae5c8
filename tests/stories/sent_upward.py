"""A form that went upward, cell by cell, and the records to which each of its numbers leads back."""

import re
from html import unescape

from tests.stories.typist import Typist


def cells_of(page: str) -> list[tuple[str, str, str]]:
    """Each cell of a form with one line: its heading, what it opens, what stands in it."""
    found = re.findall(r"<dt>([^<]*)</dt><dd>(?:<a href=\"([^\"]*)\">)?([^<]*)", page)
    return [(heading.rpartition("/")[2], unescape(address), value) for heading, address, value in found]


def behind(reader: Typist, address: str) -> int:
    """How many are told by the records behind a number, over all pages of the list."""
    found = 0
    while address:
        page = reader.open(address).page
        amounts = re.findall(r'<td class="num" data-words="算几个">(−?)(\d+)', page)
        found += sum(int(sign.replace("−", "-") + amount) for sign, amount in amounts)
        found += 0 if "算几个" in page else page.count('<th scope="row">')
        more = re.search(r'href="(\?[^"]*page=\d+)"', page)
        address = reader.address.partition("?")[0] + unescape(more[1]) if more else ""
    return found
