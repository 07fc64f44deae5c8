"""What every page's frame needs to know."""

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, which every page then says."""
    return {"demo": settings.DEMO}
