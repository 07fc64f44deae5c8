"""What goods ask of people: that they are there, are handed out in time, and come back.

supplies.issue     A draw list leaves the store by its hour (the plan's morning hour, or when testing asked for it).
supplies.reorder   An item fell below its minimum, or lasts fewer days than the plan's alarm: more is asked for today.
supplies.return    What was lent (a thermometer, a radio) comes back by the day that was agreed.

The story. A van brings 2,000 masks: the storekeeper types what came, the lot gets a code, the label is printed. A neighbour
brings thirty bottles of alcohol: a receipt with a number, a letter of thanks, and later where each bottle went. In the
evening the norms of the plan and the heads of each post make tomorrow's draw list; it is printed; at five in the morning
one tap (按单发齐) hands out the whole list, the lot that expires first before the others, and says what was short. A guard
scans the label of a box: how many are left, and out they go. An expired lot is never handed out. At night the shelf is
counted; where it differs somebody says why. Who needs more tomorrow is seen today, in days left at today's use.

The screens. 物资: each item, how many, for how many days, what is short. 扫码出入库: a code, a number, where to. 领用单: a list
by post, one tap, a sheet of paper. 盘点: the shelf beside the book. 捐赠: receipts, thanks, what became of it. 借出: who has
what until when. 盒饭: how many for which post. 流水: every movement, newest first.
"""

from django.db.models import F, QuerySet

from shouwang.lib.kinds import Kind
from shouwang.supplies.models import Asked, DrawList, Item, Loan


def issued() -> QuerySet[DrawList]:
    """The lists that were handed out in full."""
    return DrawList.objects.filter(at__isnull=False, void_at=None).annotate(
        subject=F("area_code"), about=F("id")
    )


def asked() -> QuerySet[Asked]:
    """What more was asked for."""
    return Asked.objects.filter(void_at=None).annotate(subject=F("area_code"), about=F("item_id"))


def came_back() -> QuerySet[Loan]:
    """The loans that are settled."""
    return Loan.objects.filter(at__isnull=False).annotate(subject=F("area_code"), about=F("id"))


STOREKEEPERS = ("cadre", "leader")
ISSUE = Kind(
    "supplies.issue", "物资发放", "area", issued, STOREKEEPERS, DrawList._meta.db_table, "goods_list"
)
REORDER = Kind("supplies.reorder", "物资不足", "area", asked, STOREKEEPERS, Item._meta.db_table, "goods_item")
RETURN = Kind(
    "supplies.return", "借出未还", "area", came_back, STOREKEEPERS, Loan._meta.db_table, "goods_loan"
)
KINDS = (ISSUE, REORDER, RETURN)
