"""Whether a link leads anywhere for whoever reads it: nobody is led to a closed door."""

from django import template

from shouwang.desk.doors import DeskRequest, opens

register = template.Library()


@register.filter
def opens_to(address: str, request: DeskRequest) -> bool:
    """Whether there is an address, and its page opens to this person."""
    return bool(address) and opens(request, address)
