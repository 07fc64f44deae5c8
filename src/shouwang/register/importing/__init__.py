"""The workbooks of a community, taken into the register: people, places, who answers for what, helpers.

    report = import_workbook(path, "祥云社区_人口信息底册.xlsx", community=None, by=user, at=now)

`import_workbook` sees by the headings what a workbook is; `import_register` and its brothers take one kind.
Each reads the whole file, compares it with what is there, and writes it inside the caller's scope.
"""

from shouwang.register.importing.people import import_register
from shouwang.register.importing.report import Change, Doubtful, Report

__all__ = ["Change", "Doubtful", "Report", "import_register"]
