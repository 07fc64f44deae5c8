"""What is wrong with an installation: a list of small looks, each of which says what, why it matters, and what to do."""

from shouwang.keeping.finding import Finding, Look, Place
from shouwang.keeping.looks import access, books, files, phones, serving


def check(place: Place) -> list[Finding]:
    """Everything that is wrong, the dangerous first.

    Cost: reads every duty once; half a minute for a million.
    """
    found = list(access.unready(place))
    if found:
        return found  # tables of another version cannot be looked at
    looks: tuple[Look, ...] = (*access.LOOKS, *books.LOOKS, *files.LOOKS, *serving.LOOKS, *phones.LOOKS)
    return [finding for look in looks for finding in look(place)]
