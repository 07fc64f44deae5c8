"""Tables of a web page: many official systems export one and call it .xls."""

from html.parser import HTMLParser

from shouwang.lib.sheets.limits import MAX_COLUMNS, MAX_ROWS

Merge = tuple[tuple[int, int], tuple[int, int]]
CELLS = ("td", "th")


class WebTables(HTMLParser):
    """Collects the cells of all tables of a page, one below the other; spans become merges."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cells: list[list[object]] = []
        self.merges: list[Merge] = []
        self.covered: set[tuple[int, int]] = set()
        self.words: list[str] | None = None
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_cell()
            self.cells.append([])
        elif tag in CELLS and self.cells:
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag == "br" and self.words is not None:
            self.words.append(" ")
        self.silent += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        if tag in (*CELLS, "tr", "table"):
            self._end_cell()
        self.silent -= tag in ("style", "script") and self.silent > 0

    def handle_data(self, data: str) -> None:
        if self.words is not None and not self.silent:
            self.words.append(data)

    def close(self) -> None:
        """Finish a cell that the page left open."""
        super().close()
        self._end_cell()

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        row, number = self.cells[-1], len(self.cells) - 1
        while (number, len(row)) in self.covered:
            row.append("")
        down, across = _span(attributes, "rowspan", MAX_ROWS), _span(attributes, "colspan", MAX_COLUMNS)
        left = len(row)
        if (down > 1 or across > 1) and len(self.covered) < MAX_ROWS:
            self.merges.append(((number, left), (number + down - 1, left + across - 1)))
            self.covered |= {(number + y, left + x) for y in range(down) for x in range(across) if x or y}
        self.words = []

    def _end_cell(self) -> None:
        if self.words is not None:
            self.cells[-1].append("".join(self.words).strip())
            self.words = None


def _span(attributes: dict[str, str | None], name: str, most: int) -> int:
    written = attributes.get(name) or "1"
    return min(max(int(written), 1), most) if written.isdigit() and len(written) < 6 else 1


def looks_like_a_page(text: str) -> bool:
    """Whether a text is a web page with a table in it."""
    return text.lstrip()[:1] == "<" and "<table" in text[:100_000].lower()
