"""Addresses that only take what somebody sent: whoever comes by a link or a refresh is led back to the list."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponseBase
from django.shortcuts import redirect

from shouwang.desk.doors import DeskRequest, Rest, View


def sent(back: str) -> Callable[[View[Rest]], View[Rest]]:
    """Lets a view see what was posted alone; `back` names the page for everybody else."""

    def only(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def taken(request: DeskRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            return view(request, *args, **kwargs) if request.method == "POST" else redirect(back)

        return taken

    return only
