"""A laboratory's file of 100,000 results in one piece: read, judged, and everything that follows from it made."""

import time

from bench.district import (
    DISTRICT,
    EVENING,
    FIRST_COMMUNITY,
    MORNING,
    NOON,
    count_duties,
    installed,
    make_households,
    make_people,
    owner,
)
from bench.result import Result, at_most, percentile
from bench.scratch import say, size

TUBES, GOAL_SECONDS, GOAL_PAGE_MS, TIMES = 100_000, 60, 200, 30
ONE_IN = 1_000  # so many tubes to one that has to be taken again
HEAD = "条码号,混采人数,采样时间,检测时间,ORF1ab,N,结果,检测机构"
FILL = (
    """
    INSERT INTO testing_tube (id, area_code, code, round_id, capacity, lot, opened_at)
    SELECT gen_random_uuid(), left(area_code, 12), 'R' || id, %(round)s, 1, '', %(noon)s FROM register_person WHERE id <= %(tubes)s
    """,
    """
    INSERT INTO testing_swab (id, area_code, at, recorded_at, person_id, tube_id, round_id, at_door, how, name, category, note,
      id_kind, id_sealed, id_digest, phone_sealed, phone_mask, void_reason)
    SELECT gen_random_uuid(), person.area_code, tube.opened_at, tube.opened_at, person.id, tube.id, tube.round_id, false, 'code', '', '',
      '', '', '', '', '', '', ''
    FROM testing_tube tube JOIN register_person person ON person.id = substr(tube.code, 2)::bigint
    """,
)
PHONES = "UPDATE register_person SET phones_sealed = ARRAY[sealed] FROM sealed_phones WHERE sealed_phones.id = register_person.id"


def measure_results() -> list[Result]:
    """One file of single tubes, each household with a phone; one tube in a thousand has to be taken again."""
    installed()
    make_households()
    make_people()
    _swabbed()
    return [
        at_most("results", _arrive(), "s", GOAL_SECONDS),
        at_most("results.page", _page(), "ms", GOAL_PAGE_MS),
    ]


def _swabbed() -> None:
    """Everybody of the file has a phone and was swabbed, alone, in a round of the whole district."""
    from django.conf import settings

    from shouwang.access.scope import scope
    from shouwang.lib.clock import day_end
    from shouwang.lib.sealing import sealer
    from shouwang.plans.actions import keep_shipped
    from shouwang.testing.rounds.ordering import Asked, order

    say(f"swabbing {_tubes():,} of {size():,} people")
    with scope([DISTRICT]):
        plan = keep_shipped("covid_9th", at=MORNING)
        made = order(Asked(DISTRICT, "全区核酸", MORNING, day_end(MORNING), plan), by=None, at=MORNING)
    keys = sealer(settings.SEALING_KEY_FILE)
    with owner() as own, own.transaction():
        own.execute("ALTER TABLE register_person DISABLE TRIGGER USER")
        own.execute("CREATE TEMPORARY TABLE sealed_phones (id bigint, sealed bytea)")
        with own.cursor().copy("COPY sealed_phones FROM STDIN") as copy:
            for number in range(1, _tubes() + 1):
                copy.write_row((number, keys.seal(f"1990{number:07d}")))
        own.execute(PHONES)
        for statement in FILL:
            own.execute(statement, {"round": made.round.pk, "noon": NOON, "tubes": _tubes()})
        own.execute("ALTER TABLE register_person ENABLE TRIGGER USER")
        own.execute("ANALYZE register_person, testing_tube, testing_swab")
    count_duties()


def _arrive() -> float:
    from shouwang.access.models import User
    from shouwang.access.scope import scope
    from shouwang.flows.swabbing.results_arrive import results_arrive

    by = User.objects.create_user("bench", "bench", name="化验", created_at=MORNING)
    content = _file()
    say(f"a file of {_tubes():,} lines, {len(content) // 1_000_000} MB")
    begun = time.perf_counter()
    with scope([DISTRICT]):
        taken = results_arrive(content, "结果.csv", area=DISTRICT, by=by, at=EVENING)
    seconds = time.perf_counter() - begun
    _all_there(len(taken.new))
    with owner() as own:
        own.execute("ANALYZE testing_result, testing_pool, outreach_message")
    say(f"{seconds:.1f} s")
    return seconds


def _all_there(new: int) -> None:
    """Every result counts, every household has its message, and whoever is to be looked after is a pool."""
    from shouwang.access.scope import scope
    from shouwang.outreach.models import Message
    from shouwang.testing.models import Pool

    with scope([DISTRICT]):
        pools, messages = Pool.objects.count(), Message.objects.count()
    if (new, pools, messages) != (_tubes(), _tubes() // ONE_IN, _tubes()):
        raise RuntimeError(f"{new} results, {pools} pools, {messages} messages of {_tubes()}")


def _page() -> float:
    """What the page of results of one community asks, all of whose people were swabbed."""
    from shouwang.access.scope import scope
    from shouwang.testing.results import queries

    durations = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        with scope([FIRST_COMMUNITY]):
            list(queries.files_of(FIRST_COMMUNITY)[:30])
            queries.counted(FIRST_COMMUNITY, now=EVENING)
            for rows in (queries.held_in, queries.open_pools, queries.without_result):
                rows(FIRST_COMMUNITY).count()
        durations.append(time.perf_counter() - begun)
    return percentile(durations, 0.95) * 1000


def _file() -> bytes:
    when = f"{NOON:%Y-%m-%d %H:%M:%S},{EVENING:%Y-%m-%d %H:%M:%S}"
    lines = (f"R{n},1,{when},,,{'阴性' if n % ONE_IN else '阳性'},检验所" for n in range(1, _tubes() + 1))
    return "\n".join((HEAD, *lines)).encode()


def _tubes() -> int:
    return min(TUBES, size())
