"""Which community a page is about: the one asked for, or the first of one's own."""

from django.db.models import Q

from shouwang.access.scope import Grants
from shouwang.desk.doors import DeskRequest
from shouwang.lib.codes import AFTER_ALL
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.models import Area


class NoWholeCommunity(Refusal):
    code = "desk.no_whole_community"
    sentence = "这一页按整个社区来做。您的账号只管其中一部分，或者还没有导入底册。"


def own_communities(grants: Grants) -> list[Area]:
    """The communities that lie wholly in one's areas."""
    inside = Q(pk__in=[])
    for code in grants.codes:
        inside |= Q(code__gte=code, code__lt=code + AFTER_ALL)
    return list(Area.objects.filter(inside, level="community").order_by("code"))


def chosen_community(request: DeskRequest, own: list[Area] | None = None) -> Area:
    """The community that was asked for. Raises: NoWholeCommunity, NotInScope."""
    own = own_communities(request.grants) if own is None else own
    if not own:
        raise NoWholeCommunity()
    asked = request.POST.get("community") or request.GET.get("community") or own[0].code
    for community in own:
        if community.code == asked:
            return community
    raise NotInScope()
