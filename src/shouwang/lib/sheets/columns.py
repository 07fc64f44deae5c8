"""Which column is which field: by its heading, by what stands under it, by what a person said before."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from shouwang.lib.characters import plain
from shouwang.lib.doors import parse_door
from shouwang.lib.sheets.book import Column
from shouwang.lib.sheets.cells import as_text
from shouwang.lib.sheets.vocabulary import Field, Vocabulary, normal
from shouwang.lib.written_dates import read_when

SAMPLE = 60
SURE_HEADING = 0.7
ENOUGH = 0.6
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧司诸上皇覃韦向柳祁焦阮柯莫房解应殷施"
)
# Words that make a heading somebody else's: 房东电话 is not the resident's phone.
OTHERS = re.compile(
    r"房东|户主|监护|紧急|单位|物业|网格|楼长|单元长|家属|亲属|登记人|填报|审核|负责|包保|采样|核查|医生|民警|干部|场所"
)
ID = re.compile(r"\d{17}[\dX]|\d{15}|\d{6}[\d*]{11}[\dX*]|[A-Z]\d{8,10}")
PHONE = re.compile(r"(\+?86)?1[3-9]\d[\d*]{8}.*|0\d{2,3}-?\d{7,8}|同户主")
WORDS: dict[str, re.Pattern[str]] = {
    "id_number": ID,
    "phone": PHONE,
    "sex": re.compile(r"[男女]性?"),
    "building": re.compile(r"(\d{1,3}|[一二三四五六七八九十]+|[A-Z])\s*(#|号楼|#楼|栋|幢|座)"),
    "unit": re.compile(r"(\d|[一二三四五六七八九甲乙丙丁东西])\s*单元"),
    "floor": re.compile(r"-?\d{1,2}\s*(层|楼|F)"),
    "room": re.compile(r"(?!(19|20)\d\d$)\d{1,2}\d\d[A-Z]?室?|地下室|门面.*|商铺?\d+"),
    "yes": re.compile(r"[是否有无√×✓]"),
    "number": re.compile(r"-?\d+(\.\d+)?"),
}
# Under a heading that nobody knows only these are taken from content: dates and labels are too easily
# something else.
TELLING = frozenset({"id_number", "phone", "sex", "name", "door"})
FREE = frozenset({"text", "yes", "number", "floor"})  # kinds for which content says nothing


def recognise(
    headings: Sequence[str],
    body: Sequence[Sequence[object]],
    vocabulary: Vocabulary,
    remembered: Mapping[int, str] | None,
) -> list[Column]:
    """The field of every column; at most one column per field.

    Shape: `body` is a sample of rows; `remembered` is what a person settled for this shape and wins over
    guesses.
    """
    samples = [_sample(body, column) for column in range(len(headings))]
    settled = dict(remembered or {})
    scores = {
        column: _scores(heading, samples[column], vocabulary)
        for column, heading in enumerate(headings)
        if column not in settled
    }
    taken = _assigned(scores, set(settled.values()), samples, vocabulary)
    if not any(headings):
        taken |= _bare_numbers(samples, taken, vocabulary)
    return [
        _column(column, heading, settled, taken, scores.get(column, {}))
        for column, heading in enumerate(headings)
    ]


def fit(kind: str, sample: Sequence[object]) -> float | None:
    """What share of a sample looks like this kind; None where there is nothing to judge by."""
    if not sample or kind in FREE:
        return None
    looks = _looks(kind)
    if kind == "name" and len(sample) >= 8 and len(set(sample)) * 2 < len(sample):
        return 0.0  # names differ; 黄码 and 常住 come again and again
    return sum(1 for value in sample if looks(value)) / len(sample)


def _sample(body: Sequence[Sequence[object]], column: int) -> list[object]:
    values = [row[column] for row in body if column < len(row) and row[column] not in ("", None)]
    return values[:: max(len(values) // SAMPLE, 1)][:SAMPLE]


def _looks(kind: str) -> Callable[[object], bool]:
    if kind == "date":
        return _is_date
    if kind == "name":
        return _is_name
    if kind == "door":
        return lambda value: isinstance(value, str) and parse_door(value) is not None
    pattern = WORDS[kind]
    return lambda value: bool(pattern.fullmatch(_compact(value)))


@lru_cache(maxsize=1024)
def _compact(value: object) -> str:
    if isinstance(value, float) and value > 1e14:
        return str(int(value))
    return re.sub(r"[\s'\-.`]", "", plain(as_text(value))).upper()


def _is_date(value: object) -> bool:
    if isinstance(value, int | float):
        return False
    return read_when(value, date(2000, 6, 30)) is not None


def _is_name(value: object) -> bool:
    text = re.sub(r"[\s（(].*", "", as_text(value)) if isinstance(value, str) else ""
    return 2 <= len(text) <= 4 and text[0] in SURNAMES and not text.isascii()


def _scores(heading: str, sample: Sequence[object], vocabulary: Vocabulary) -> dict[str, tuple[float, str]]:
    """How well each field suits one column, and whether its heading or its content says so."""
    meanings = vocabulary.meanings(heading) if heading else {}
    known = max(meanings.values(), default=0.0) >= SURE_HEADING
    foreign = bool(OTHERS.search(normal(heading))) if heading else False
    by_kind = {kind: fit(kind, sample) for kind in {each.kind for each in vocabulary.fields}}
    fits = {each.name: by_kind[each.kind] for each in vocabulary.fields}
    wrong = {
        each.name
        for each in vocabulary.fields
        if meanings.get(each.name, 0.0) >= SURE_HEADING
        and len(sample) >= 5
        and _unlike(each, fits[each.name])
    }
    open_to_content = not foreign and (bool(wrong) or not known)
    found: dict[str, tuple[float, str]] = {}
    for each in vocabulary.fields:
        said, content = meanings.get(each.name, 0.0), fits[each.name]
        if said >= SURE_HEADING:
            found[each.name] = (said + 0.2 * (content or 0) - (0.5 if wrong else 0), "heading")
        elif content and content >= ENOUGH and open_to_content and _by_content(each, heading, said):
            found[each.name] = (0.6 * content + 0.5 * said, "heading" if said >= 0.3 else "content")
    return found


def _unlike(field: Field, share: float | None) -> bool:
    """Whether the cells under a heading are plainly something else."""
    return field.kind in {"id_number", "phone", "sex"} and share is not None and share < 0.15


def _by_content(field: Field, heading: str, said: float) -> bool:
    """Whether content alone may decide: where the heading half says it, or says nothing at all."""
    if not field.by_content:
        return False
    return not heading or said >= 0.3 or (field.kind in TELLING and not field.fill_down)


def _assigned(
    scores: Mapping[int, Mapping[str, tuple[float, str]]],
    used: set[str],
    samples: Sequence[Sequence[object]],
    vocabulary: Vocabulary,
) -> dict[int, tuple[str, str, float]]:
    """The best pairs first; among equals the fuller column and the first field of the vocabulary."""
    order = {each.name: place for place, each in enumerate(vocabulary.fields)}
    last = {name: vocabulary.by_name[name].fill_down for name in order}
    pairs = sorted(
        (
            (score, how, column, name)
            for column, fields in scores.items()
            for name, (score, how) in fields.items()
        ),
        key=lambda pair: (-round(pair[0], 1), last[pair[3]], -len(samples[pair[2]]), order[pair[3]], pair[2]),
    )
    taken: dict[int, tuple[str, str, float]] = {}
    used = set(used)
    for score, how, column, name in pairs:
        if score >= 0.4 and column not in taken and name not in used:
            taken[column] = (name, how, min(score, 1.0))
            used.add(name)
    return taken


def _bare_numbers(
    samples: Sequence[Sequence[object]], taken: Mapping[int, tuple[str, str, float]], vocabulary: Vocabulary
) -> dict[int, tuple[str, str, float]]:
    """In a sheet without headings: small numbers to the left of the rooms are building, unit and floor."""
    by_kind: dict[str, Field] = {}
    for each in vocabulary.fields:
        by_kind.setdefault(each.kind, each)
    rooms = [column for column, (name, _, _) in taken.items() if vocabulary.by_name[name].kind == "room"]
    if not rooms:
        return {}
    left = [column for column in range(rooms[0]) if column not in taken and _small(samples[column])]
    kinds = ("building", "unit", "floor")[: len(left)] if len(left) <= 3 else ()
    return {
        column: (by_kind[kind].name, "content", 0.5)
        for column, kind in zip(left, kinds, strict=False)
        if kind in by_kind and by_kind[kind].name not in {name for name, _, _ in taken.values()}
    }


def _small(sample: Sequence[object]) -> bool:
    """Whether these are small numbers that come again and again, unlike a running number."""
    numbers = [as_text(value) for value in sample]
    ascending = len(set(numbers)) == len(numbers) > 3
    return bool(numbers) and not ascending and all(re.fullmatch(r"-?\d{1,2}", number) for number in numbers)


def _column(
    column: int,
    heading: str,
    settled: Mapping[int, str],
    taken: Mapping[int, tuple[str, str, float]],
    scores: Mapping[str, tuple[float, str]],
) -> Column:
    if column in settled:
        return Column(column, heading, settled[column], "remembered", 1.0)
    if column not in taken:
        return Column(column, heading, perhaps=tuple(scores))
    name, how, sure = taken[column]
    near = tuple(other for other, (score, _) in scores.items() if other != name and score >= sure - 0.05)
    return Column(column, heading, name, how, round(sure, 2), near)
