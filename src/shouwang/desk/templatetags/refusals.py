"""Why a file was not taken in, said in the reader's language: its sentence was kept with blanks, not in one tongue."""

from django import template
from django.utils.translation import gettext

from shouwang.register.uploads import Upload

register = template.Library()


@register.filter
def why(upload: Upload) -> str:
    """The sentence, and the place in the file where there is one."""
    said = gettext(upload.refusal)
    if params := upload.refused_as.get("params"):
        said = said.format(**params)
    places = {
        "sheet": gettext("表“{sheet}”"),
        "row": gettext("第 {row} 行"),
        "column": gettext("{column} 列"),
    }
    where = upload.refused_as.get("where", {})
    place = " ".join(words.format(**where) for name, words in places.items() if where.get(name))
    return f"{said}（{place}）" if place else said
