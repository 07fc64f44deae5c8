"""The app of the phone: one page that stays on it for days, and the browser's worker that keeps it there.

Both are the same for everybody and hold nothing; whoever works with a phone is known to the app alone.
"""

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shouwang.desk.templatetags.assets import FIELD, built

# The reader of codes is WebAssembly from our own origin.
APP = {"script-src": [SELF, "'wasm-unsafe-eval'"], "img-src": ["data:", "blob:"], "worker-src": [SELF]}


@require_safe
@csp_update(APP)
@cache_control(no_cache=True)
def shell(request: HttpRequest) -> HttpResponse:
    """The page that the app lives in."""
    return render(request, "desk/field.html")


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> FileResponse:
    """The browser's worker: it may only keep what lies under the app's own address."""
    return FileResponse(built(FIELD, "worker.js").open("rb"), content_type="text/javascript")
