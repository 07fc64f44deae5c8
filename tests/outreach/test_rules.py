"""When messages may go out, what a gateway's answer means, what texts may say."""

import re
from datetime import time

import pytest

from shouwang.outreach.gateway import judged
from shouwang.outreach.queries import WHY
from shouwang.outreach.rules import PAUSES, after_quiet, pause_after, tomorrow_morning
from shouwang.outreach.texts import LANGUAGES, PATH, SIGNED, purposes
from tests.world import at

TEN, SEVEN, NOON, TWO = time(22), time(7), time(12), time(14)
HEALTH = re.compile(
    "疫|病|核酸|阳|阴|密接|接触|隔离|感染|发热|體溫|体温|健康|醫|医|检测|檢測|风险|風險|涉|"
    "covid|test|virus|health|infect|fever|quarantine|isolat|contact",
    re.IGNORECASE,
)

QUIET = [
    ((21, 21, 59), TEN, SEVEN, (21, 21, 59)),
    ((21, 22), TEN, SEVEN, (22, 7)),
    ((21, 23, 59), TEN, SEVEN, (22, 7)),
    ((21, 0), TEN, SEVEN, (21, 7)),
    ((21, 6, 59), TEN, SEVEN, (21, 7)),
    ((21, 7), TEN, SEVEN, (21, 7)),
    ((21, 12, 30), NOON, TWO, (21, 14)),
    ((21, 14), NOON, TWO, (21, 14)),
    ((21, 23), None, SEVEN, (21, 23)),
    ((21, 23), TEN, None, (21, 23)),
    ((21, 23), TEN, TEN, (21, 23)),
]

SAID = [
    ("Failed to send JSON POST notification: Bad Request, error=400.", False, "refused"),
    ("Failed to send: Too Many Requests, error=429.", False, "busy"),
    ("Failed to send: error=503.", False, "busy"),
    ("Failed to send: error=500.", False, "refused"),
    ("Failed to send: error=504.", None, "no_answer"),
    (
        "A Connection error occurred\nSocket Exception: NewConnectionError('… Connection refused')",
        False,
        "unreachable",
    ),
    ("A Connection error occurred\nSocket Exception: ConnectTimeoutError(…)", False, "unreachable"),
    ("A Connection error occurred\nSocket Exception: Read timed out. (read timeout=10)", None, "no_answer"),
    (
        "A Connection error occurred\nSocket Exception: ('Connection aborted.', RemoteDisconnected())",
        None,
        "broken_off",
    ),
    ("", False, "refused"),
]


@pytest.mark.parametrize(("moment", "begins", "ends", "expected"), QUIET)
def test_quiet_hours(moment, begins, ends, expected):
    assert after_quiet(at(*moment), begins, ends) == at(*expected)


def test_pauses_grow_and_end():
    pauses = [pause_after(tries) for tries in range(1, len(PAUSES) + 2)]
    assert pauses[:-1] == sorted(set(PAUSES))
    assert pauses[-1] is None
    assert tomorrow_morning(at(21, 14), SEVEN) == tomorrow_morning(at(21, 0), None) == at(22, 7)


@pytest.mark.parametrize(("words", "ok", "why"), SAID)
def test_what_a_failed_try_means(words, ok, why):
    assert judged(words) == (ok, why)
    assert why in WHY


@pytest.mark.parametrize("key", list(purposes()))
def test_texts_say_who_asks_and_no_health_word(key):
    purpose = purposes()[key]
    filled = {name: f"<{name}>" for name in SIGNED | purpose.asks | {"code"}}
    for language in LANGUAGES:
        text = purpose.text(language, filled)
        assert not HEALTH.search(text), (key, language)
        assert "<who>" in text
        assert ("<link>" in text) == (key != "request_done")  # what is done asks for nothing more
        assert ("<code>" in text) == (purpose.to == "resident")
        assert ("<phone>" in text) == (purpose.to != "staff")
    assert purpose.text("ug", filled) == purpose.text("zh_hans", filled)
    purpose.check(dict.fromkeys((*purpose.asks, PATH), "1") | {PATH: "/r/1/"})
