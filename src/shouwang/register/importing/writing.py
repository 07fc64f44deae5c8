"""Writes one sheet: new areas, households and people, changed ones, second homes, search keys."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from shouwang.lib.sealing import Sealer
from shouwang.register.bulk import add_rows, change_rows, new_ids
from shouwang.register.finding.keys import household_keys, person_keys
from shouwang.register.finding.sealed import Values, match_digests
from shouwang.register.finding.search import write_keys
from shouwang.register.importing.comparing import Comparison, Paired
from shouwang.register.importing.report import Change, Doubtful
from shouwang.register.importing.storing import HOUSEHOLD, PERSON
from shouwang.register.models import Area, Residence
from shouwang.register.past import FIELD_WORDS

SILENT = frozenset(
    [
        "area_code",
        "name_key",
        "id_kind",
        "id_sealed",
        "id_digest",
        "phones_sealed",
        "phone_digests",
        "match_digests",
    ]
)


@dataclass
class Written:
    """What one sheet did to the register."""

    added: int = 0
    changed: int = 0
    changes: list[Change] = field(default_factory=list)
    doubts: list[Doubtful] = field(default_factory=list)
    seen_households: set[int] = field(default_factory=set)
    seen_people: set[int] = field(default_factory=set)


class SheetWriter:
    """Takes what was compared and writes it, in bulk."""

    def __init__(self, compared: Comparison, sealer: Sealer, at: datetime) -> None:
        self.compared, self.sealer, self.at = compared, sealer, at
        self.written = Written()

    def write(self) -> Written:
        """Writes everything of the sheet; the caller's savepoint makes it all or nothing."""
        Area.objects.bulk_create(self.compared.numbering.new)
        self._households()
        self._people()
        return self.written

    def _households(self) -> None:
        rows = self.compared.households
        self._identify("register_household", rows)
        added = [row for row in rows if row.old is None]
        changed = [row for row in rows if row.old is not None and self._differences(row, HOUSEHOLD)]
        add_rows(
            "register_household",
            ("id", "area_code", "added_at", *HOUSEHOLD),
            ((row.id, row.code, self.at, *(row.new[name] for name in HOUSEHOLD)) for row in added),
        )
        change_rows(
            "register_household",
            ("id", *HOUSEHOLD),
            ((row.id, *(row.new[name] for name in HOUSEHOLD)) for row in changed),
        )
        self.written.seen_households |= {row.id for row in rows}
        self._count(added, changed)
        write_keys("household_id", [(row.id, row.code, _household_keys(row)) for row in [*added, *changed]])

    def _people(self) -> None:
        rows = self.compared.people
        self._identify("register_person", rows)
        for row in rows:
            self._at_home(row)
        added = [row for row in rows if row.old is None]
        changed = [row for row in rows if row.old is not None and self._differences(row, PERSON)]
        add_rows(
            "register_person",
            ("id", "added_at", "left_reason", *PERSON),
            ((row.id, self.at, "", *(row.new[name] for name in PERSON)) for row in added),
        )
        change_rows(
            "register_person",
            ("id", *PERSON),
            ((row.id, *(row.new[name] for name in PERSON)) for row in changed),
        )
        self.written.seen_people |= {row.id for row in rows}
        self._count(added, changed)
        self._doors(rows)
        keyed = [
            (row, person_keys(row.new["name"], self._number(row), self._phones(row)))
            for row in [*added, *changed]
        ]
        write_keys("person_id", [(row.id, row.new["area_code"], keys) for row, keys in keyed])

    def _identify(self, table: str, rows: Iterable[Paired]) -> None:
        added = [row for row in rows if row.old is None]
        for row, identity in zip(added, new_ids(table, len(added)), strict=True):
            row.new["id"] = identity

    def _at_home(self, row: Paired) -> None:
        """Puts a person behind the file's door, unless a compound of which it is silent has them."""
        household = row.household
        assert household is not None
        if not row.elsewhere:
            row.new["household_id"], row.new["area_code"] = household.id, household.code
            door = "-".join(filter(None, (household.new[name] for name in ("building", "unit", "room"))))
            row.new["match_digests"] = match_digests(row.new, self._number(row), door, self.sealer)

    def _number(self, row: Paired) -> str:
        return row.said.identity.value or self.sealer.open(row.new["id_sealed"])

    def _phones(self, row: Paired) -> tuple[str, ...]:
        return row.said.phones or tuple(self.sealer.open(sealed) for sealed in row.new["phones_sealed"])

    def _differences(self, row: Paired, names: Iterable[str]) -> bool:
        """Whether anything differs; each difference that people can read is noted."""
        old = row.old or {}
        differing = [name for name in names if row.new[name] != old[name]]
        who = _who(row)
        for name in differing:
            if name not in SILENT:
                before, after = _shown(name, old), _shown(name, row.new)
                self.written.changes.append(
                    Change(
                        row.said.sheet,
                        row.said.row,
                        "changed",
                        who,
                        FIELD_WORDS.get(name, name),
                        before,
                        after,
                    )
                )
        if "name" in differing:
            sentence = f"证件号是底册里“{old['name']}”的，姓名却不同，按新的改了，请核对。"
            self.written.doubts.append(Doubtful(row.said.sheet, row.said.row, "", sentence))
        return bool(differing)

    def _count(self, added: list[Paired], changed: list[Paired]) -> None:
        self.written.added += len(added)
        self.written.changed += len(changed)
        self.written.changes += [Change(row.said.sheet, row.said.row, "added", _who(row)) for row in added]

    def _doors(self, rows: list[Paired]) -> None:
        """Where else people belong: the door they left, or one in a compound of which the file is silent."""
        for row in rows:
            old = row.old
            if old is None or row.household is None:
                continue
            if old["left_at"]:
                sentence = "系统里写着这个人已经不在这里了，这份文件里又有，请核对。"
                self.written.doubts.append(Doubtful(row.said.sheet, row.said.row, "", sentence))
            if row.elsewhere:
                self._second(row)
            elif (
                old["household_id"] != row.household.id
                and old["household_id"] in self.compared.present.households
            ):
                Residence.objects.create(
                    person_id=row.id,
                    area_code=old["area_code"],
                    kind="former",
                    address=_door(self.compared.present.households[old["household_id"]]),
                    until=self.at,
                )

    def _second(self, row: Paired) -> None:
        assert row.household is not None
        door = _door(row.household.new)
        sentence = f"这个人在别的小区已经登记了，住处没有改，{door}记作另一住处，请核对住在哪里。"
        self.written.doubts.append(Doubtful(row.said.sheet, row.said.row, "", sentence))
        second_home(row.id, row.household.code, door, self.at)


def second_home(person: int, code: str, door: str, at: datetime) -> None:
    """Notes that somebody also has a door elsewhere; said twice it is noted once."""
    Residence.objects.get_or_create(
        person_id=person, area_code=code, kind="second", defaults={"address": door[:120], "from_at": at}
    )


def _household_keys(row: Paired) -> list[str]:
    return household_keys(*(row.new[name] for name in ("compound", "building", "unit", "room")))


def _door(household: Values) -> str:
    labels = "-".join(filter(None, (household[name] for name in ("building", "unit", "room"))))
    return f"{household['compound']}{labels}"


def _who(row: Paired) -> str:
    if row.household is None:
        return _door(row.new)
    return f"{row.new['name']}（{_door(row.household.new)}）"


def _shown(name: str, values: Values) -> str:
    value = values[name]
    if name in ("landlord_sealed", "household_id"):
        return "（已改）" if value else ""
    return "、".join(map(str, value)) if isinstance(value, list) else str(value or "")
