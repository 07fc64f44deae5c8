"""Somebody whose every typed character is counted; what is chosen, ticked or scanned is none."""

from collections import Counter
from html import unescape

from django.test import Client

from tests.stories.tapping import ATTRIBUTE, FIELD, Worker

TYPED = {"text", "number", "tel", "url", "search", "date", "time", "datetime-local"}


class Typist(Worker):
    """A browser of somebody who is logged in, or of nobody. Shape: `typed` counts characters by whoever typed them."""

    def __init__(self, typed: Counter[str], who: str, user: object = None) -> None:
        self.client, self.taps, self.page, self.address = Client(), 0, "", "/"
        self.typed, self.who = typed, who
        if user:
            self.client.force_login(user)  # type: ignore[arg-type]

    def tap(self, words: str, /, *, near: str = "", **typed: object) -> "Typist":
        """As a worker taps; counts what goes into fields that are typed in, where it is not there already."""
        shown = written(self.page)
        self.typed[self.who] += sum(
            len(str(said)) for name, said in typed.items() if name in shown and shown[name] != str(said)
        )
        super().tap(words, near=near, **typed)
        return self

    def send(self, address: str, chosen: dict[str, object], **typed: object) -> None:
        """Sends a form without looking at the page that comes back; what is `chosen` is not typed."""
        self.typed[self.who] += sum(len(str(said)) for said in typed.values())
        answer = self.client.post(address, chosen | typed)
        assert answer.status_code == 302, answer.content.decode()[-3000:]


def written(page: str) -> dict[str, str]:
    """The fields of a page in which somebody types, with what stands there."""
    found = {}
    for kind, raw, inner in FIELD.findall(page):
        attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(raw)}
        if kind == "textarea":
            found[attributes.get("name", "")] = unescape(inner).strip()
        elif kind == "input" and attributes.get("type", "text") in TYPED:
            found[attributes.get("name", "")] = attributes.get("value", "")
    return found
