"""Somebody at a page who taps what stands on it: links and buttons by their words, with the form as it was shown."""

import re
from html import unescape

from django.test import Client

ATTRIBUTE = re.compile(r'([a-z-]+)(?:="([^"]*)")?')
FIELD = re.compile(r"<(input|select|textarea)\b([^>]*)>(?:(.*?)</\1>)?", re.S)
OPTION = re.compile(r"<option\b([^>]*)>([^<]*)")
TAPPED = re.compile(r"<(a|button)\b([^>]*)>(.*?)</\1>", re.S)


class Worker:
    """A browser in which somebody is logged in. Shape: `taps` counts links and buttons since the last `open`."""

    def __init__(self, user: object) -> None:
        self.client, self.taps, self.page, self.address = Client(), 0, "", "/"
        self.client.force_login(user)  # type: ignore[arg-type]

    def open(self, address: str) -> "Worker":
        """Looks at a page."""
        self.taps, self.address = 0, address
        return self._shown(self.client.get(address, follow=True))

    def tap(self, words: str, /, *, near: str = "", **typed: object) -> "Worker":
        """Taps the first link or button with these words, in the section where `near` stands; `typed` fills its form."""
        self.taps += 1
        kind, attributes, start = self._find(words, near)
        if kind == "a":
            self.address = self._whole(attributes["href"])
            return self._shown(self.client.get(self.address, follow=True))
        form = self.page[self.page.rindex("<form", 0, start) :]
        form = form[: form.index("</form>")]
        told = _fields(form) | typed
        if "name" in attributes:
            told[attributes["name"]] = attributes.get("value", "")
        opening = dict(ATTRIBUTE.findall(form[: form.index(">")]))
        return self._shown(
            self.client.post(self._whole(unescape(opening.get("action", ""))), told, follow=True)
        )

    @property
    def said(self) -> str:
        """All words of the page."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.page))).strip()

    def _find(self, words: str, near: str) -> tuple[str, dict[str, str], int]:
        begin = 0
        if near:
            sections = [one.start() for one in re.finditer("<section", self.page)]
            begin = next(at for at in sections if near in self.page[at : self.page.index("</section>", at)])
        for found in TAPPED.finditer(self.page, begin):
            if words in re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", found[3])):
                attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(found[2])}
                return found[1], attributes, found.start()
        raise AssertionError(f"{words} stands nowhere: {self.said[:2000]}")

    def _whole(self, address: str) -> str:
        return (
            self.address
            if not address
            else address
            if address.startswith("/")
            else self.address.partition("?")[0] + address
        )

    def _shown(self, answer) -> "Worker":  # type: ignore[no-untyped-def]
        assert answer.status_code == 200, answer.content.decode()[-3000:]
        self.page = answer.content.decode()
        self.address = answer.redirect_chain[-1][0] if answer.redirect_chain else self.address
        return self


def _fields(form: str) -> dict[str, object]:
    """A form as a browser would send it untouched."""
    told: dict[str, object] = {}
    for kind, raw, inner in FIELD.findall(form):
        attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(raw)}
        name, type_ = attributes.get("name", ""), attributes.get("type", "text")
        if not name or (type_ in ("checkbox", "radio") and "checked" not in attributes) or type_ == "file":
            continue
        if kind == "select":
            options = [(dict(ATTRIBUTE.findall(one)), words) for one, words in OPTION.findall(inner)]
            chosen = next((one for one in options if "selected" in one[0]), options[0] if options else None)
            value = chosen[0].get("value", chosen[1]) if chosen else ""
            told[name] = unescape(value)
        elif type_ == "checkbox":
            told[name] = [*told.get(name, []), attributes.get("value", "on")]  # type: ignore[misc]
        else:
            told[name] = attributes.get("value", "") if kind == "input" else unescape(inner)
    return told
