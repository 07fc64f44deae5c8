"""Who and when, drawn over every page or print with two names or more: a picture of it can be traced."""

from base64 import b64encode
from datetime import datetime

from django.utils.html import escape

TILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%"><defs>'
    '<pattern id="who" width="380" height="110" patternUnits="userSpaceOnUse" patternTransform="rotate(-24)">'
    '<g font-family="sans-serif" font-size="17" fill="#7d8784" fill-opacity="0.2">'
    '<text x="10" y="60">{who}</text></g>'
    '</pattern></defs><rect width="100%" height="100%" fill="url(#who)"/></svg>'
)


def watermark(name: str, at: datetime) -> str:
    """The picture as a data address."""
    drawn = TILE.format(who=escape(f"{name} {at:%Y-%m-%d %H:%M}"))
    return "data:image/svg+xml;base64," + b64encode(drawn.encode()).decode()
