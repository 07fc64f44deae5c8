"""The small words a plan is written with: numbers with their bounds, choices, names in three scripts.

Every table of a plan is a `Part`: `source` (its own or that of the table around it) covers its numbers,
`source_of` single keys; what nobody has published yet stands in `to_be_set` and has no number.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,59}\Z")]
Kind = Annotated[str, Meta(pattern=r"^[a-z]+\.[a-z][a-z_]*\Z")]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]

Days = Annotated[int, Meta(ge=1, le=3650)]
DayNumber = Annotated[int, Meta(ge=1, le=365)]
Hours = Annotated[float, Meta(gt=0, le=8760)]
Minutes = Annotated[int, Meta(ge=1, le=10080)]
Seconds = Annotated[int, Meta(ge=1, le=3600)]
Celsius = Annotated[float, Meta(ge=30, le=45)]
Count = Annotated[int, Meta(ge=1, le=10_000_000)]
Metres = Annotated[float, Meta(gt=0, le=100_000)]
Percent = Annotated[int, Meta(ge=1, le=100)]

Clock = Literal["last_exposure", "departure", "first_observation_day", "sampling", "onset"]
Mode = Literal["central", "home", "home_monitor", "health_monitor", "hospital"]
Colour = Literal["red", "yellow", "green", "blue", "white", "orange"]
Comparison = Literal["above", "from"]
Grade = Literal["A", "B", "C", "D", "S", "R", "H", "L"]
Role = Literal[
    "leader",
    "commander",
    "secretary",
    "clerk",
    "cadre",
    "grid_lead",
    "building_lead",
    "unit_lead",
    "property_company",
    "medic",
    "police",
    "gate_guard",
    "sampler",
    "courier",
    "hub",
    "laboratory",
    "volunteer",
    "investigator",
    "inspector",
    "auditor",
]

GRADES = {
    "A": "法律、政府或标准",
    "B": "全国或省级媒体",
    "C": "地方规定或转载",
    "D": "仅为线索",
    "S": "真实系统的表结构",
    "R": "基层报道",
    "H": "本系统自定，启用前请确认",
    "L": "本地填写，依据见出处",
}


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One table of a plan, with where its numbers come from."""

    source: str = ""
    source_of: dict[str, str] = {}
    to_be_set: tuple[Key, ...] = ()
    note: str = ""


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name as residents read it, in simplified and traditional characters and in English."""

    zh_hans: Text
    zh_hant: Text
    en: Text

    def __str__(self) -> str:
        return self.zh_hans


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a number comes from: how far it can be trusted, and the document."""

    grade: Grade
    where: Text
