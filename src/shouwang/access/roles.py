"""What each role may do, read from roles.toml."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Role:
    """A role by its words on the screen and the permissions it carries."""

    name: str
    words: str
    may: frozenset[str]
    kept: bool = False


def _read(path: Path) -> dict[str, Role]:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: Role(name, entry["words"], frozenset(entry["may"]), entry.get("kept", False))
        for name, entry in entries.items()
    }


ROLES = _read(Path(__file__).with_name("roles.toml"))


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """What these roles carry together; a role that no longer exists carries nothing."""
    return frozenset().union(*(ROLES[role].may for role in roles if role in ROLES))
