"""Where the built scripts and styles are: Vite names each file by what is in it, its manifest says how."""

import json
from functools import lru_cache
from pathlib import Path

from django import template
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
DESK, FIELD = "desk", "field"  # what is built: the pages, and the app of the phone
STATIC = Path(__file__).resolve().parent.parent / "static"


@register.simple_tag
def script(entry: str, app: str = DESK) -> SafeString:
    """The tags that load an entry (`src/desk.ts`): its styles, then its script as a module."""
    return styles(entry, app) + format_html('<script type="module" src="{}"></script>', asset(entry, app))


@register.simple_tag
def styles(entry: str, app: str = DESK) -> SafeString:
    """The styles of an entry alone, for a page that does without a script."""
    names = ((_url(app, name),) for name in _entry(app, entry).get("css", []))
    return format_html_join("", '<link rel="stylesheet" href="{}">', names)


@register.simple_tag
def asset(entry: str, app: str = DESK) -> str:
    """The address of one built file (`src/icons.svg`)."""
    return _url(app, _entry(app, entry)["file"])


def built(app: str, name: str) -> Path:
    """Where a built file lies, by the name that it keeps from build to build."""
    return STATIC / f"{app}/dist/{name}"


def _url(app: str, name: str) -> str:
    return static(f"{app}/dist/{name}")


def _entry(app: str, entry: str) -> dict:
    manifest = built(app, ".vite/manifest.json")
    try:
        return _read(manifest, manifest.stat().st_mtime_ns)[entry]
    except FileNotFoundError as missing:
        raise ImproperlyConfigured("网页的样式还没有生成。请先运行：sh frontend/build.sh") from missing


@lru_cache(maxsize=2)
def _read(manifest: Path, changed_at_ns: int) -> dict[str, dict]:
    return json.loads(manifest.read_text(encoding="utf-8"))
