"""Results of the demo's day: a laboratory's file with its usual faults, and a tube that is taken again, still under way."""

from datetime import timedelta

from shouwang.demo.stage import Stage
from shouwang.demo.works.samples import TO_A_BOX, TO_A_TUBE, fill, send_off, tell
from shouwang.flows.swabbing.results_arrive import results_arrive
from shouwang.standing.actions import Grounds
from shouwang.testing.models import Pool, Tube
from shouwang.testing.results.pools import REASON, hold
from shouwang.testing.tubes.shapes import SwabTaken

HEADS = "条码号,混采人数,采样时间,检测时间,结果,检测机构"
LABORATORY = "演示区检验所"
POSITIVE_PLACE, AGAIN, KNOWN = 2, 7, 5
BOX, BOXED = "X0009", 230  # minutes after nine
GROUNDS = Grounds(
    REASON, "同一支采样管要单人复采", "区疫情防控指挥部", "〔2020〕17号", "《传染病防治法》第三十九条"
)


def results(stage: Stage) -> None:
    """From noon to half past two: the first box has its results; of ten people seven are swabbed alone, and five of them let go."""
    tubes = list(
        Tube.objects.filter(area_code__startswith=stage.community, round__isnull=False).order_by("code")
    )[:TO_A_BOX]
    lines = [
        _line(stage, tube.code, TO_A_TUBE, 9, "阳性" if place == POSITIVE_PLACE else "阴性")
        for place, tube in enumerate(tubes)
    ]
    lines += [lines[0], _line(stage, "EQ99999", TO_A_TUBE, 9), _line(stage, "", TO_A_TUBE, 9, "无效")]
    _arrive(stage, "检测结果_上午.csv", lines, 12)
    pool = Pool.objects.order_by("-found_at").first()
    if pool:
        hold(pool.pk, GROUNDS, by=stage.secretary, at=stage.at(12, 22))
        _again(stage, pool)


def _again(stage: Stage, pool: Pool) -> None:
    """Door by door, each into a tube of their own."""
    people = list(pool.people.order_by("pk").values_list("person", flat=True))[:AGAIN]
    codes = [f"ES{number:05d}" for number in range(1, 1 + len(people))]
    swabs = [
        SwabTaken(tube=code, capacity=1, how="household", at_door=True, person=person)
        for code, person in zip(codes, people, strict=True)
    ]
    moments = [stage.at(12, 25) + timedelta(minutes=4 * number) for number in range(len(swabs))]
    tell(stage, "testing.swab", swabs, stage.users["medic"], moments)
    fill(stage, BOX, codes, BOXED, pool.tube.point_id)
    send_off(stage, BOX, codes, BOXED + 6)
    _arrive(stage, "单人复采.csv", [_line(stage, code, 1, 13) for code in codes[:KNOWN]], 14)


def _arrive(stage: Stage, name: str, lines: list[str], hour: int) -> None:
    content = "\r\n".join((HEADS, *lines)).encode()
    by = stage.users["laboratory"]
    results_arrive(
        content, name, area=stage.community, by=by, own=by, at=stage.at(hour, 20), laboratory=LABORATORY
    )


def _line(stage: Stage, code: str, people: int, hour: int, outcome: str = "阴性") -> str:
    sampled, tested = stage.at(hour), stage.at(hour + 1)
    return f"{code},{people},{sampled:%Y-%m-%d %H:%M},{tested:%Y-%m-%d %H:%M},{outcome},{LABORATORY}"
