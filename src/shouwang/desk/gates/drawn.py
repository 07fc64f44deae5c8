"""The small chart of a gate's day."""

from collections.abc import Sequence
from dataclasses import dataclass

TALL, WIDE = 24, 4


@dataclass(frozen=True)
class Bar:
    """One hour of the small chart. Units: of its own grid."""

    hour: int
    many: int
    x: int
    y: int
    height: int


def bars(hours: Sequence[int]) -> list[Bar]:
    """The hours of a day as bars under one another's measure."""
    most = max(hours) or 1
    tall = [round(TALL * many / most) for many in hours]
    return [
        Bar(hour, many, hour * WIDE, TALL - height, height)
        for hour, (many, height) in enumerate(zip(hours, tall, strict=True))
    ]
