"""In what goods are counted, as each reader says it: 瓶, bottles. What is no usual unit stays as somebody typed it."""

import tomllib
from pathlib import Path

from django.utils.translation import get_language

SAID: dict[str, tuple[str, str, str]] = {
    unit: tuple(words)
    for unit, words in tomllib.loads(
        (Path(__file__).parent / "units.toml").read_text(encoding="utf-8")
    ).items()
}


def counted(unit: str, many: int | None = None) -> str:
    """A unit in the reader's language, of so many; several where nobody says how many."""
    language = get_language() or ""
    if unit not in SAID or language in ("", "zh-hans"):
        return unit
    traditional, one, several = SAID[unit]
    return traditional if language == "zh-hant" else one if many == 1 else several


def ways_to_say(unit: str) -> tuple[str, ...]:
    """Every way in which this unit may be written, first as it is shown to the reader."""
    return tuple(dict.fromkeys((counted(unit), unit, *SAID.get(unit, ()))))
