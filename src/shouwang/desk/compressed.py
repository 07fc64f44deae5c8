"""Pages are sent compressed, and say first which styles they wear: a phone on a slow network sees them a second sooner.

Secrets in a compressed page could be guessed by its length (BREACH). Here the token of a form is masked anew for every
page, each answer is padded by a random length, and the session's cookie does not travel with requests of other sites.
"""

import re

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

STYLES = re.compile(rb'<link rel="stylesheet" href="([^"]+)">')
HEAD_BYTES = 4096


class CompressedPages(GZipMiddleware):
    """Compresses pages alone: files have their own formats, and their length shows how far a download is."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, smaller where it is a page and the browser can read it so."""
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        if isinstance(response, HttpResponse):
            _styles_early(response)
        return super().process_response(request, response)


def _styles_early(page: HttpResponse) -> None:
    """Styles are asked for when the header is there, not only when the page has come and was read."""
    worn = STYLES.findall(page.content[:HEAD_BYTES])
    if worn:
        page["Link"] = ", ".join(f"<{address.decode()}>; rel=preload; as=style" for address in worn)
