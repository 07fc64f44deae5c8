"""What messages say: texts.toml, each text with exactly the words that are put into it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

from shouwang.lib.errors import Refusal

LANGUAGES = ("zh_hans", "zh_hant", "en")
SIGNED = frozenset({"who", "phone", "link"})
PATH = "path"  # a caller may name the page that the link leads to, and nothing else of the link
PATHS = {"resident": "/r/{community}/", "staff": "/", "group": "/check/{community}/"}
PATH_MOST = 80


class NoSuchPurpose(Refusal):
    code = "outreach.no_such_purpose"
    sentence = "没有“{purpose}”这种短信。可以选：{known}。"


class Unfilled(Refusal):
    code = "outreach.unfilled"
    sentence = "“{words}”这条短信要填的是：{asks}；给的是：{given}。"


@dataclass(frozen=True)
class Purpose:
    """What a message is for.

    Shape: `to` is "resident" (a phone, with a check code), "staff" (a group of workers) or "group" (pasted by hand into a
    residents' group, about nobody); `asks` are the words that the caller fills in.
    """

    key: str
    words: str
    to: str
    good_for_hours: int
    asks: frozenset[str]
    texts: Mapping[str, str]

    def check(self, params: Mapping[str, object]) -> None:
        """Raises: Unfilled when the caller's words are not the ones that the text asks for, or the path is none of ours."""
        path = str(params.get(PATH, "/"))
        ours = (
            path.startswith("/")
            and not path.startswith("//")
            and path.isprintable()
            and len(path) <= PATH_MOST
        )
        if set(params) - {PATH} != self.asks or not ours:
            named = ["、".join(sorted(names)) or "不用填" for names in (self.asks, params)]
            raise Unfilled(words=self.words, asks=named[0], given=named[1])

    def path(self, params: Mapping[str, object], community: str) -> str:
        """Where the link leads: as the caller says, else to the page that this purpose is about."""
        return str(params.get(PATH, "")) or PATHS[self.to].format(community=community)

    def text(self, language: str, params: Mapping[str, object]) -> str:
        """The finished text; a language that it does not have falls back to Simplified Chinese."""
        return self.texts.get(language, self.texts[LANGUAGES[0]]).format(**params)


def purpose(key: str) -> Purpose:
    """Raises: NoSuchPurpose."""
    known = purposes()
    if key not in known:
        raise NoSuchPurpose(purpose=key, known="、".join(known))
    return known[key]


@cache
def purposes() -> dict[str, Purpose]:
    """Every purpose, in the order of the file."""
    entries = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
    return {key: _purpose(key, entry) for key, entry in entries.items()}


def placeholders(text: str) -> frozenset[str]:
    """What is put into a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _purpose(key: str, entry: dict) -> Purpose:
    texts = {language: entry[language] for language in LANGUAGES}
    asks = frozenset(entry.get("asks", ()))
    allowed = SIGNED | asks | ({"code"} if entry["to"] == "resident" else set())
    for text in texts.values():
        if not asks <= placeholders(text) <= allowed:
            raise ValueError(f"texts.toml, {key}: {sorted(placeholders(text) ^ allowed)}")
    return Purpose(key, entry["words"], entry["to"], entry["good_for_hours"], asks, texts)
