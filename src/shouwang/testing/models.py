"""Everything that testing keeps: rounds and points, tubes and swabs, boxes, results."""

from shouwang.testing.results.models import Pool, PoolPerson, Result, Told
from shouwang.testing.rounds.models import (
    Call,
    Exemption,
    Fetching,
    Point,
    Round,
    Stop,
    Tour,
    Trade,
    Worker,
)
from shouwang.testing.tubes.models import Box, BoxStep, Explained, Swab, Tube, TubeStep

__all__ = [
    "Box",
    "BoxStep",
    "Call",
    "Exemption",
    "Explained",
    "Fetching",
    "Point",
    "Pool",
    "PoolPerson",
    "Result",
    "Round",
    "Stop",
    "Swab",
    "Told",
    "Tour",
    "Trade",
    "Tube",
    "TubeStep",
    "Worker",
]
