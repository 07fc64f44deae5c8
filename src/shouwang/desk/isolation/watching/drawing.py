"""Small pictures drawn on the server: a line of temperatures, bars of days. Numbers in, places on the paper out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shouwang.isolation.models import Reading
from shouwang.isolation.overview import DayCount
from shouwang.lib.clock import day_of, midnight

WIDTH, HEIGHT, BAR, TOP = 640, 150, 22, 18
LOWEST, HIGHEST = Decimal("35.5"), Decimal("40.5")


@dataclass(frozen=True)
class Dot:
    """One reading on the paper."""

    x: int
    y: int
    ill: bool
    words: str


@dataclass(frozen=True)
class Line:
    """Temperatures over days: the dots, the line through them, where the fever begins, and where each day does."""

    dots: list[Dot]
    points: str
    fever_y: int | None
    days: list[tuple[int, str]]
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Bar:
    """One day of the curve; `plan_y` is how high it would be by the plan, on days that are not ahead."""

    x: int
    y: int
    height: int
    people: int
    plan_y: int | None
    words: str
    look: str


def temperatures(
    readings: Sequence[tuple[Reading, bool]], *, since: datetime, until: datetime, fever_c: float | None
) -> Line | None:
    """A person's temperatures from the first day to the last; nothing with fewer than two of them."""
    taken = [(one, ill) for one, ill in readings if one.temperature_c is not None]
    if len(taken) < 2:
        return None
    first = midnight(day_of(since))
    span = max((until - first).total_seconds(), 1)
    across = lambda at: round((at - first).total_seconds() / span * (WIDTH - 20)) + 10  # noqa: E731
    dots = [Dot(across(one.at), _high(one.temperature_c), ill, str(one.temperature_c)) for one, ill in taken]
    count = max(round(span / 86400), 1)
    days = [(10 + number * (WIDTH - 20) // count, number + 1) for number in range(count)]
    return Line(
        dots, " ".join(f"{dot.x},{dot.y}" for dot in dots), _high(Decimal(str(fever_c))) if fever_c else None,
        [(x, str(number)) for x, number in days],
    )  # fmt: skip


def bars(counts: Sequence[DayCount], today: datetime) -> list[Bar]:
    """The curve as bars: past ones full, planned ones hollow, today marked, each with the line of the plan."""
    most = max((max(one.people, one.by_plan) for one in counts), default=0) or 1
    drawn = []
    for number, one in enumerate(counts):
        height, by_plan = (round(many / most * (HEIGHT - 2 * TOP)) for many in (one.people, one.by_plan))
        plan_y = HEIGHT - TOP - by_plan if one.by_plan and not one.planned else None
        look = "planned" if one.planned else "now" if one.on == day_of(today) else "past"
        words = f"{one.on.month}-{one.on.day}"
        drawn.append(Bar(number * BAR, HEIGHT - TOP - height, height, one.people, plan_y, words, look))
    return drawn


def _high(degrees: Decimal | None) -> int:
    inside = min(max(degrees or LOWEST, LOWEST), HIGHEST)
    return round(HEIGHT - TOP - float((inside - LOWEST) / (HIGHEST - LOWEST)) * (HEIGHT - 2 * TOP))
