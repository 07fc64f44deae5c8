"""A page's forms as a browser sees them: where they go, what is asked, and what stands in the fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

PICKED = {"radio", "checkbox"}
SILENT = {"submit", "button", "reset", "image"}


@dataclass
class Asked:
    """One field: its name and kind, what stands in it, and what can be chosen."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form on a page. Shape: `fields` by name, in the page's order."""

    page: str
    action: str
    method: str
    fields: dict[str, Asked] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """What is asked here; lines of one kind count once."""
        return frozenset("".join(sign for sign in name if not sign.isdigit()) for name in self.fields)

    def put(self, one: Asked) -> None:
        """One field more; several of one name are one question."""
        known = self.fields.setdefault(one.name, one)
        if known is not one:
            known.choices += one.choices
            known.values += one.values


class _Reader(HTMLParser):
    """Fields belong to the form around them, or to the one that they name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.named: dict[str, Form] = {}
        self.apart: list[tuple[str, Asked]] = []
        self.around: Form | None = None
        self.inside: Asked | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.around = Form(
                self.page, urljoin(self.page, told.get("action", "")), told.get("method", "get").lower()
            )
            self.forms.append(self.around)
            self.named[told.get("id", "")] = self.around
        elif tag in ("input", "select", "textarea", "button"):
            self._field(tag, told)
        elif tag == "option" and self.inside:
            self.inside.choices.append(told.get("value", ""))
            self.inside.values += [told.get("value", "")] if "selected" in told else []

    def _field(self, tag: str, told: dict[str, str]) -> None:
        kind = told.get("type", "text") if tag == "input" else tag
        if not told.get("name") or "disabled" in told or (tag == "input" and kind in SILENT):
            return
        one, value = Asked(told["name"], kind), told.get("value", "on" if kind in PICKED else "")
        if kind in PICKED or kind == "button":
            one.choices, one.values = [value], [value] if "checked" in told else []
        elif tag == "input":
            one.values = [value]
        else:
            self.inside = one
        if "form" in told:
            self.apart.append((told["form"], one))
        elif self.around:
            self.around.put(one)

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside.kind == "textarea":
            self.inside.values = ["".join([*self.inside.values, data])]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.around = None
        elif tag in ("select", "textarea"):
            self.inside = None


def forms_on(page: str, words: str) -> list[Form]:
    """The forms that stand on this page."""
    reader = _Reader(page)
    reader.feed(words)
    for where, one in reader.apart:
        if where in reader.named:
            reader.named[where].put(one)
    return reader.forms
