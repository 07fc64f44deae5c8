"""What a heading of a form means: sure where its own words are known, asked once where they are doubtful."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from shouwang.lib.codes import BUILDING, COMMUNITY, COMPOUND, DISTRICT, SUBDISTRICT
from shouwang.lib.fields import Field
from shouwang.lib.sheets.vocabulary import BRACKETS, Vocabulary, normal
from shouwang.lib.sheets.vocabulary import Field as Word

SURE, DOUBTFUL, ALIKE = 0.8, 0.45, 78

# What a form asks that is no fact: the line's number, the line's place, the day, room for remarks.
NUMBER, DAY, REMARK, UNIT = "form.number", "form.day", "form.remark", "form.unit"
AREAS = {
    "form.district": DISTRICT,
    "form.subdistrict": SUBDISTRICT,
    "form.community": COMMUNITY,
    "form.compound": COMPOUND,
    "form.building": BUILDING,
}
OWN = {
    NUMBER: ("序号", "编号", "№"),
    DAY: ("日期", "填报日期", "报送日期", "填表日期"),
    REMARK: ("备注", "说明", "其他", "其它"),
    UNIT: ("填报单位", "报送单位", "单位", "单位名称"),
    "form.district": ("区县", "县区", "县市区"),
    "form.subdistrict": ("街道", "镇街", "乡镇", "街道乡镇"),
    "form.community": ("社区", "村居", "村社区", "社区名称"),
    "form.compound": ("小区", "楼院", "小区名称", "小区楼院"),
    "form.building": ("楼栋", "楼号"),
}
WORDS_OF_OWN = {key: words[0] for key, words in OWN.items()}


@dataclass(frozen=True)
class Meaning:
    """What a heading was taken for; `asked` where a person still has to say, with what it may be in `others`."""

    field: str
    asked: bool = False
    others: tuple[str, ...] = ()


def meanings(
    headings: Iterable[str], fields: Iterable[Field], known: Mapping[str, str], *, areas: bool
) -> list[Meaning]:
    """Each heading's meaning: as somebody said before, or as its words say.

    Shape: `known` are the answers of people by heading; `areas` says whether a line is a place.
    """
    offered = list(fields)
    own = {key: words for key, words in OWN.items() if areas or key not in AREAS}
    vocabulary = Vocabulary(
        [Word(each.key, each.words, headings=(each.words, *each.synonyms)) for each in offered]
        + [Word(key, words[0], headings=words) for key, words in own.items()]
    )
    there = set(vocabulary.by_name)
    return [_meaning(heading, vocabulary, known, there) for heading in headings]


def _meaning(heading: str, vocabulary: Vocabulary, known: Mapping[str, str], there: set[str]) -> Meaning:
    said = known.get(normal(heading))
    if said is not None and (said in there or not said):
        return Meaning(said)
    if not heading:
        return Meaning("")
    found = vocabulary.meanings(heading)
    if "/" in heading:  # 体温监测/日期 is not the day of the report
        found = {name: score for name, score in found.items() if name not in OWN}
    best = sorted(found, key=lambda name: (-found[name], name))
    if best and found[best[0]] >= SURE and (len(best) == 1 or found[best[1]] < found[best[0]]):
        return Meaning(best[0])
    near = [name for name in best if found[name] >= DOUBTFUL] + [
        name for name in _alike(heading, vocabulary) if found.get(name, 0.0) < DOUBTFUL
    ]
    return Meaning("", asked=bool(near), others=tuple(near[:3]))


def _alike(heading: str, vocabulary: Vocabulary) -> list[str]:
    """Fields whose words look nearly the same: a slip of the pen, one word more."""
    plain = normal(BRACKETS.sub("", heading))
    scores: dict[str, float] = {}
    for words, names in vocabulary.known.items():
        score = ratio(plain, words)
        if len(words) > 2 and score >= ALIKE:
            scores |= {name: max(scores.get(name, 0.0), score) for name in names}
    return sorted(scores, key=lambda name: -scores[name])
