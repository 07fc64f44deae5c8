"""What a gate believes of a scanned pass: the vectors that Python and the app share, and a pass of our own."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from shouwang.access.signing import own_key
from shouwang.standing.tokens import NO_PASS, OVER, Token, read, write
from tests.world import MORNING

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["tokens"], ids=lambda case: case["name"])
def test_what_a_gate_believes(case):
    token = read(case["scanned"], VECTORS["key"])
    assert (token.state(datetime.fromisoformat(case["now"])) if token else NO_PASS) == case["state"]
    assert (token and _said(token)) == case["reads"]


def test_a_pass_of_ours_says_its_compound_and_never_its_door():
    made = Token(UUID(int=7), "household", "41010300800101001020101", MORNING, MORNING + timedelta(days=14))
    scanned = write(made)
    found = read(scanned)
    assert found == Token(made.id, made.kind, "41010300800101", made.from_at, made.until)
    assert found.state(made.until) == OVER
    assert read(scanned, VECTORS["key"]) is None
    assert read(scanned, own_key()) == found
    assert len(scanned) < 287, "a code of 65 squares a side holds no more, and a card no larger code"


def _said(token: Token) -> dict:
    return {
        "id": token.id.hex, "kind": token.kind, "area": token.area, "from_at": int(token.from_at.timestamp()),
        "until": int(token.until.timestamp()),
    }  # fmt: skip
