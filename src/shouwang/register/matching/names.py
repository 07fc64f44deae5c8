"""How a name is meant: written in characters or letters, with a title only, half covered."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from shouwang.lib.characters import plain, simplified
from shouwang.register.finding.keys import syllables

DOUBLE_SURNAMES = re.compile(
    "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|东方|南宫|司徒|长孙|宇文|轩辕|端木|百里|呼延|独孤|申屠|赫连"
)
WOMEN = "女士|小姐|阿姨|大妈|大娘|大婶|大姐|姐|奶奶|婆婆|太太|妈妈|嫂子|嫂|婶|姨"
MEN = "先生|大爷|大叔|大伯|大哥|哥|叔叔|叔|伯伯|爷爷|爸爸|师傅"
EITHER = "老师|医生|同学|同志|总|经理|老板|某某某|某某|某|XX|XXX|X|xx|x|家属"
TITLED = re.compile(
    rf"(?:[小老阿])?(?P<surname>[\u3400-\u9fff]{{1,2}}?)(?:(?P<woman>{WOMEN})|(?P<man>{MEN})|(?:{EITHER}))"
)
COVERED = re.compile(r"[\u3400-\u9fff*×○〇某Xx_?]*[*×○〇某Xx_?][\u3400-\u9fff*×○〇某Xx_?]*")
COVER = re.compile(r"[*×○〇某Xx_?]")
BRACKETS = re.compile(r"[(\[【<《{].*?[)\]】>》}]")
NOT_NAME = re.compile(r"[^\w*×○〇?]|[\d_]")
LETTERS = re.compile(r"[A-Za-zÀ-ɏ\s.,/·'\-]+")
HAN = re.compile(r"[\u3400-\u9fff]")
TONES = str.maketrans("āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüńňǹḿ", "aaaaooooeeeeiiiiuuuuvvvvvnnnm")
NO_NAMES = frozenset(["未写姓名", "无", "不详", "未知", "姓名", "空户", "匿名", "无名"])


@dataclass(frozen=True)
class Name:
    """A name as it can be compared.

    Shape: `signs` simplified characters, `sound` its syllables with blanks between;
    for a name in letters `letters` and `turned` (the last word first); for a title or a covered name a LIKE
    `pattern`. Empty where there is none. `sex` is what a title says: m, f or empty.
    """

    signs: str = ""
    sound: str = ""
    letters: str = ""
    turned: str = ""
    pattern: str = ""
    sex: str = ""
    traditional: bool = False


@cache
def traditional_signs() -> dict[int, str]:
    """Every single character whose simplified form differs: for whole registers at once."""
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    return {ord(sign): one for sign in every if (one := simplified(sign)) != sign and len(one) == 1}


@lru_cache(maxsize=50_000)
def understand(written: str) -> Name:
    """What a written name says. Raises nothing: what cannot be read is no name."""
    text = BRACKETS.sub("", plain(written)).strip()
    if not text:
        return Name()
    if not HAN.search(text):
        return _in_letters(text) if LETTERS.fullmatch(text) else Name()
    signs = NOT_NAME.sub("", text)
    if signs in NO_NAMES:
        return Name()
    plainly = signs.translate(traditional_signs())
    return _titled(plainly) or _covered(plainly) or _whole(plainly, plainly != signs)


def _whole(signs: str, traditional: bool) -> Name:
    signs = "".join(HAN.findall(signs))
    return Name(signs, " ".join(syllables(signs)), traditional=traditional)


def _titled(signs: str) -> Name | None:
    found = TITLED.fullmatch(signs)
    if not found:
        return None
    surname = found["surname"]
    if len(surname) == 2 and not DOUBLE_SURNAMES.fullmatch(surname):
        return None
    return Name(pattern=f"{surname}%", sex="f" if found["woman"] else "m" if found["man"] else "")


def _covered(signs: str) -> Name | None:
    """张*伟 and 李某某: what is seen is compared, each cover is one character."""
    if not COVERED.fullmatch(signs) or not HAN.search(signs):
        return None
    return Name(pattern=COVER.sub("_", signs))


def _in_letters(text: str) -> Name:
    words = [word for word in re.split(r"[\s.,/·'\-]+", text.lower().translate(TONES)) if word]
    words = [re.sub(r"(?<=[ln])(?:yu|u:)$", "v", word) for word in words]
    letters = "".join(words)
    if len(letters) < 3:
        return Name()
    return Name(letters=letters, turned="".join([words[-1], *words[:-1]]))
