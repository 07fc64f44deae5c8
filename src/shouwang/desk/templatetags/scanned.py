"""What a phone's camera reads."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from shouwang.lib.qr import drawn

register = template.Library()


@register.filter
def qr(address: str, border: int = 2) -> SafeString:
    """An address as a picture inside the page: `{{ link|qr }}`, `{{ link|qr:4 }}` on a wall."""
    return mark_safe(drawn(address, border=border))
