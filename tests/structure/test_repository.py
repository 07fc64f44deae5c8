"""What lies in the repository: the same on every machine, made by one hand, in step with itself."""

import re
from pathlib import PurePath

from shouwang.plans.rules_page import page
from tests.structure.source import ROOT, tracked

LOCKS = (
    "requirements.lock",
    "requirements-test.lock",
    "requirements-node.lock",
    "frontend/desk/package-lock.json",
)
ADDRESS = re.compile(r"https?://|--index-url|--find-links|\"resolved\"")
MACHINE = re.compile(r"(?<![\w.])/(?:w" + r"ork|r" + r"oot|home|Users|opt|mnt)/[\w.]")
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


def test_locks_name_no_address():
    for lock in LOCKS:
        assert ADDRESS.findall(_without_words(tracked()[lock])) == [], lock


def test_both_locks_hold_the_same_releases_each_with_its_hashes():
    ours, tests = (dict(PINNED.findall(tracked()[name])) for name in LOCKS[:2])
    assert ours.items() <= tests.items()
    for lock in LOCKS[:3]:
        pins = re.split(r"(?m)^(?=[a-z0-9._-]+==)", tracked()[lock])[1:]
        assert pins
        assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_no_file_names_a_machine():
    found = {
        name: MACHINE.findall(text) for name, text in tracked().items() if PurePath(name).suffix != ".lock"
    }
    assert {name: places for name, places in found.items() if places} == {}


def test_the_page_of_rules_is_made_from_the_plans():
    assert tracked()["docs/rules.md"] == page(), "run `make rules`"


def test_the_papers_of_the_house_are_there():
    papers = {"README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE"}
    assert papers <= set(tracked())
    assert "## " in tracked()["CHANGELOG.md"]


def test_decisions_are_numbered_without_a_gap():
    folder = ROOT / "docs" / "decisions"
    numbers = sorted(int(path.name[:4]) for path in folder.glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def _without_words(lock: str) -> str:
    """The lock without the pages that npm's authors ask for money on."""
    return re.sub(r'"funding": (\{[^}]*\}|\[[^\]]*\])', "", lock)
