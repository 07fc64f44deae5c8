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
DIST = Path(__file__).resolve().parent.parent / "static" / "desk" / "dist"
MANIFEST = DIST / ".vite" / "manifest.json"


@register.simple_tag
def script(entry: str) -> SafeString:
    """The tags that load an entry of the desk (`src/desk.ts`): its styles, then its script as a module."""
    return styles(entry) + format_html(
        '<script type="module" src="{}"></script>', _url(_entry(entry)["file"])
    )


@register.simple_tag
def styles(entry: str) -> SafeString:
    """The styles of an entry alone, for a page that does without a script."""
    names = ((_url(name),) for name in _entry(entry).get("css", []))
    return format_html_join("", '<link rel="stylesheet" href="{}">', names)


@register.simple_tag
def asset(entry: str) -> str:
    """The address of one built file (`src/icons.svg`)."""
    return _url(_entry(entry)["file"])


def _url(name: str) -> str:
    return static(f"desk/dist/{name}")


def _entry(entry: str) -> dict:
    try:
        return _read(MANIFEST.stat().st_mtime_ns)[entry]
    except FileNotFoundError as missing:
        raise ImproperlyConfigured("网页的样式还没有生成。请先运行：sh frontend/build.sh") from missing


@lru_cache(maxsize=1)
def _read(changed_at_ns: int) -> dict[str, dict]:
    return json.loads(MANIFEST.read_text(encoding="utf-8"))
