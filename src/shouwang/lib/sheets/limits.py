"""How big a file may be, and the sentences for those that are bigger."""

from shouwang.lib.errors import Refusal

MAX_FILE_BYTES = 200_000_000
MAX_UNPACKED_BYTES = 1_500_000_000
MAX_PARTS = 5_000
RATIO_FROM_BYTES = 50_000_000  # small parts may shrink as much as they like
MAX_RATIO = 200  # real sheets shrink 8 to 60 times
MAX_ROWS = 1_000_000
MAX_COLUMNS = 200
MAX_CELLS = 40_000_000  # the rectangle around all filled cells of one sheet


class TooBig(Refusal):
    """The file is larger than any community's workbook."""

    code = "sheets.too_big"
    sentence = "“{file}”太大了，装不下。请按小区拆成几个文件再导入。"


class Bomb(Refusal):
    """The file unpacks to far more than it can honestly hold."""

    code = "sheets.bomb"
    sentence = "“{file}”解开后大得不正常，没有打开。请在 Excel 或 WPS 里另存一份再导入。"


class TooWide(Refusal):
    """A sheet is filled far to the right."""

    code = "sheets.too_wide"
    sentence = "“{file}”的表“{sheet}”超过{most}列，不像一张登记表。请删掉右边多余的列再导入。"


class TooManyRows(Refusal):
    """A sheet is filled far down."""

    code = "sheets.too_many_rows"
    sentence = "“{file}”的表“{sheet}”有{rows}行，最多能读{most}行。请拆成几张表再导入。"
