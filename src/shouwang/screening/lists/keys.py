"""By what two rows are seen to mean the same unknown person: digests, never the numbers themselves."""

from collections.abc import Sequence

from shouwang.lib.doors import parse_door
from shouwang.lib.identity import IdNumber
from shouwang.lib.sealing import Sealer


def row_key(identity: IdNumber, name: str, phones: Sequence[str], address: str, sealer: Sealer) -> bytes:
    """The strongest thing that a row says of who is meant; empty where it says nothing that could be found again."""
    if identity.value and not identity.problem:
        return sealer.digest("row id", identity.value)
    if phones:
        return sealer.digest("row phone", phones[0], name)
    door = parse_door(address) if address else None
    if name and door:
        return sealer.digest("row door", name, *door)
    if name and identity.value:
        return sealer.digest("row masked", name, identity.value)
    return b""
