"""The points of a document: what it asks, of whom, by when. Proposed to a person, who confirms. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shouwang.directives.wording import HOUR, Clock, read_clock, who_in, without_clock
from shouwang.lib.characters import tidy

NUMBERED = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]{1,3}(?:[、.．]|是(?=[^，。；]))|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]"
    r"|\d{1,2}(?:[、)）]|[.．](?!\d))|[①-⑳])\s*"
)
INSIDE = re.compile(
    r"(?<=[；;。：:])\s*(?=(?:[一二三四五六七八九十]{1,3}、|[①-⑳]|[（(][一二三四五六七八九十]{1,3}[）)]))"
)
SIGNED = re.compile(
    rf"^(?P<sender>[^，。；：]{{0,40}}?)\s*(?P<issued>(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日\s*(?:{HOUR})?)$"
)
ASKS = re.compile(r"请|须|应当?|要|务必|做好|完成|报送|反馈|上报|开展|落实|登记|填写")
CONFIRM = re.compile(r"(?:收到|接到|阅)后?[^，。；]{0,8}(?:确认|回复|回执)|请?(?:立即)?确认收到")
MOST_POINTS, MOST_WORDS, SHORTEST = 60, 400, 4


@dataclass(frozen=True)
class Proposed:
    """A point as it was read. Shape: `clock` says by when or how often; `doubt` what to look at."""

    words: str
    who: str
    clock: Clock

    @property
    def doubt(self) -> str:
        """What a person must look at before confirming."""
        return self.clock.doubt


@dataclass(frozen=True)
class Recognised:
    """A document understood: its title, who signed it and when, whether it wants to be confirmed, and its points."""

    title: str
    sender: str
    issued: str
    confirm: bool
    points: tuple[Proposed, ...]


def recognise(text: str, *, arrived_at: datetime) -> Recognised:
    """What a document asks. Nothing is invented: a time that it does not say stays open."""
    lines = [line for line in map(tidy, INSIDE.sub("\n", text).splitlines()) if line]
    sender, issued, lines = _signature(lines)
    title = lines[0] if lines else ""
    body = lines[1:] if len(lines) > 1 and not NUMBERED.match(title) else lines
    everybody = next((who_in(line) for line in body[:3] if line.endswith(("：", ":")) and who_in(line)), "")
    points = [point for item in _items(body) for point in _points(item, arrived_at, everybody)]
    return Recognised(
        title[:120], sender[:80], issued[:40], bool(CONFIRM.search(text)), tuple(points[:MOST_POINTS])
    )


def _signature(lines: list[str]) -> tuple[str, str, list[str]]:
    """Who signed and when: on one line, or the day below the name."""
    if not lines or not (found := SIGNED.match(lines[-1])):
        return "", "", lines
    sender, rest = found["sender"].strip(), lines[:-1]
    if (
        not sender
        and rest
        and len(rest) > 1
        and len(rest[-1]) <= 40
        and not re.search(r"[，。；：]", rest[-1])
    ):
        sender, rest = rest[-1], rest[:-1]
    return sender, found["issued"].strip(), rest


def _items(lines: list[str]) -> Iterator[str]:
    """The numbered parts, each with its further lines; and what has a deadline before or after them."""
    numbered = any(map(NUMBERED.match, lines))
    item = ""
    for line in lines:
        if NUMBERED.match(line):
            if item:
                yield item
            item = NUMBERED.sub("", line)
        elif item and not CONFIRM.search(line) and not line.startswith("请"):
            item += line
        else:
            if item:
                yield item
            item = ""
            if _stands_alone(line, numbered):
                yield line
    if item:
        yield item


def _stands_alone(line: str, numbered: bool) -> bool:
    """A line without a number asks something: among numbered ones only where it names a time or an answer."""
    if line.endswith(("：", ":")):
        return False
    return bool(CONFIRM.search(line) or re.search(r"\d", line)) if numbered else bool(ASKS.search(line))


def _points(item: str, arrived_at: datetime, everybody: str) -> Iterator[Proposed]:
    """One part may ask several things, each with its own hour: 12时前完成登记，2小时内反馈首批名单."""
    who = who_in(item) or everybody
    for sentence in filter(None, (part.strip() for part in re.split(r"[；;。]", item))):
        for words in _asked(sentence, arrived_at):
            if CONFIRM.search(words) or len(without_clock(words)) < SHORTEST:
                continue
            clock = read_clock(words, arrived_at)
            yield Proposed(words[:MOST_WORDS], who_in(words) or who, clock)


def _asked(sentence: str, arrived_at: datetime) -> list[str]:
    """The sentence cut at commas where a new hour begins; an hour that says nothing else goes with its neighbour."""
    parts: list[str] = []
    waiting = ""
    for piece in re.split(r"[，,]", sentence):
        piece = waiting + piece.strip()
        waiting = ""
        timed = read_clock(piece, arrived_at).says_something
        if timed and len(without_clock(piece)) < SHORTEST and not parts:
            waiting = piece + "，"
        elif parts and (
            (not timed and not CONFIRM.search(parts[-1])) or len(without_clock(piece)) < SHORTEST
        ):
            parts[-1] += f"，{piece}"
        else:
            parts.append(piece)
    return [_tidied(part) for part in ([*parts, waiting] if waiting else parts)]


def _tidied(part: str) -> str:
    return re.sub(r"^并(?:请)?(?:于|在)?(?=按|及时|\d)", "", part)
