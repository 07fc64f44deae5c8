"""物资: the pages of the storekeeper, listed by hand."""

from django.urls import path

from shouwang.desk.supplies import counting, gifts, lists, loans, scanning, sites, stock

urlpatterns = [
    path("", stock.listed, name="goods"),
    path("items/new/", stock.new, name="goods_item_new"),
    path("items/<uuid:item>/", stock.opened, name="goods_item"),
    path("ledger/", stock.ledger, name="goods_ledger"),
    path("scan/", scanning.scanned, name="goods_scan"),
    path("receive/", scanning.came, name="goods_receive"),
    path("lots/<uuid:lot>/", scanning.lot, name="goods_lot"),
    path("lots/<uuid:lot>/label/", scanning.label, name="goods_label"),
    path("lists/", lists.listed, name="goods_lists"),
    path("lists/new/", lists.new, name="goods_list_new"),
    path("lists/<uuid:draw_list>/", lists.opened, name="goods_list"),
    path("lists/<uuid:draw_list>/sheet/", lists.printed, name="goods_list_sheet"),
    path("lists/<uuid:draw_list>/hand-out/", lists.handed_out, name="goods_list_hand_out"),
    path("lists/<uuid:draw_list>/strike/", lists.struck, name="goods_list_strike"),
    path("count/", counting.counted, name="goods_count"),
    path("gifts/", gifts.listed, name="gifts"),
    path("gifts/new/", gifts.new, name="gift_new"),
    path("gifts/<uuid:gift>/", gifts.opened, name="gift"),
    path("gifts/<uuid:gift>/receipt/", gifts.receipt, name="gift_receipt"),
    path("gifts/<uuid:gift>/thank/", gifts.thanked, name="gift_thank"),
    path("loans/", loans.listed, name="goods_loans"),
    path("loans/<uuid:loan>/", loans.opened, name="goods_loan"),
    path("sites/", sites.listed, name="goods_sites"),
    path("sites/<uuid:site>/close/", sites.closed, name="goods_site_close"),
    path("meals/", sites.meals, name="goods_meals"),
    path("meals/<uuid:site>/brought/", sites.brought, name="goods_meals_brought"),
]
