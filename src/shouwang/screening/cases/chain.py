"""Who was with whom, as a drawing: the case left, those met one step to the right. Pure: places on paper, no database."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP, ROW, MARGIN = 190, 52, 90, 72, 2


@dataclass(frozen=True)
class Met:
    """Somebody in the chain: `through` is whom they met, None for the case itself."""

    key: Hashable
    name: str
    detail: str
    kind: str = ""
    through: Hashable | None = None


@dataclass(frozen=True)
class Box:
    """Somebody on the drawing. Units: pixels of the drawing; x and y are the upper left corner."""

    met: Met
    x: float
    y: float
    step: int

    @property
    def middle(self) -> float:
        """The height at which lines meet the box."""
        return self.y + HEIGHT / 2

    @property
    def right(self) -> float:
        """Where lines to the next step begin."""
        return self.x + WIDTH


@dataclass(frozen=True)
class Drawing:
    """Boxes and the lines between them."""

    boxes: tuple[Box, ...]
    lines: tuple[tuple[Box, Box], ...]
    width: float
    height: float


def draw(first: Met, others: Sequence[Met]) -> Drawing:
    """Each one stands beside whom they met; whoever's link is not there stands beside the case."""
    known = {one.key for one in others}
    after: defaultdict[Hashable, list[Met]] = defaultdict(list)
    for one in others:
        after[one.through if one.through in known and one.through != one.key else first.key].append(one)
    boxes: dict[Hashable, Box] = {}
    bottom = _place(first, 0, 0.0, after, boxes)
    for one in others:  # a ring of links that never reaches the case
        if one.key not in boxes:
            boxes[one.key] = Box(one, MARGIN + WIDTH + GAP, bottom, 1)
            bottom += ROW
    lines = [
        (boxes[key], boxes[one.key]) for key, several in after.items() for one in several if key in boxes
    ]
    width = max(box.right for box in boxes.values()) + MARGIN
    return Drawing(tuple(boxes.values()), tuple(lines), width, max(bottom, ROW))


def _place(
    one: Met, step: int, top: float, after: dict[Hashable, list[Met]], boxes: dict[Hashable, Box]
) -> float:
    """Puts somebody and all after them on the drawing, from `top` on; returns where the next may begin."""
    bottom = top
    for further in after.get(one.key, []):
        bottom = _place(further, step + 1, bottom, after, boxes)
    bottom = max(bottom, top + ROW)
    boxes[one.key] = Box(
        one, MARGIN + step * (WIDTH + GAP), (top + bottom - ROW) / 2 + (ROW - HEIGHT) / 2, step
    )
    return bottom
