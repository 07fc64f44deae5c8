"""What was typed into a field that stands alone beside a button: as it was typed, or refused; never cut short without a word."""

from django.http import HttpRequest

from shouwang.lib.errors import Refusal


class TooLong(Refusal):
    code = "desk.too_long"
    sentence = "写得太长了：最多 {most} 个字，现在有 {there} 个。请写短一点再交。"


def written(request: HttpRequest, name: str, most: int) -> str:
    """The words, without blanks around them. Raises: TooLong."""
    text: str = request.POST.get(name, "").strip()
    if len(text) > most:
        raise TooLong(most=most, there=len(text))
    return text
