"""Who may look across all areas, and who may read the clock: listed by hand, so that one more is a decision."""

from tests.structure.source import calls_of

# Where every area is open at once, and why it must be. `everything` is audited; `whole` shows nothing to anybody.
EVERYTHING = {
    "cli/__init__.py": "a command at the console acts for the operator; the reason is audited",
    "flows/hand_over_rows.py": "people on a list who live in another community arrive there",
    "jobs.py": "days close by themselves in every community",
}
WHOLE = {
    "duties/discharge.py": "a record discharges a duty wherever its subject's duties lie",
    "flows/merge_rows.py": "two rows of one person may lie in two communities",
    "flows/move_household.py": "people move from one community to another",
    "flows/works/samples_sealed.py": "a courier drives for several communities",
    "supplies/expiry.py": "a lot that is over is over everywhere; it names nobody",
    "testing/tubes/around.py": "a round is ordered above the areas of those who work in it; it names nobody",
    "testing/tubes/boxes.py": "a box goes through the hands of several communities",
    "testing/tubes/events.py": "a tube is closed wherever it was opened",
    "testing/tubes/swabs.py": "a tube used twice, a person swabbed twice: wherever it was",
}
DOORS = ("desk/", "api/", "cli/", "demo/", "jobs.py", "installation.py")
CLOCKS = (
    "clock.now",
    "now",
    "timezone.now",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
    "time.time",
)


def test_all_areas_are_opened_in_these_places_alone():
    assert {file for file, _ in calls_of("everything", "scope.everything")} == set(EVERYTHING)
    assert {file for file, _ in calls_of("whole", "scope.whole")} == set(WHOLE)


def test_only_doors_read_the_clock():
    readers = {(file, call) for file, call in calls_of(*CLOCKS) if not file.startswith(DOORS)}
    assert readers == {("lib/clock.py", "datetime.now")}


def test_doors_ask_the_one_clock():
    asked = {call for file, call in calls_of(*CLOCKS) if file.startswith(DOORS)}
    assert asked <= {"clock.now", "now"}
    assert asked
