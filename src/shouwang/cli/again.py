"""A program of its own, for a restored database in its draft: what was destroyed since its backup was made goes again.

Of its own, because whoever restores has another data folder in mind than the one that is being filled.
"""

import os
import sys
from datetime import datetime
from pathlib import Path


def main(made_at: str) -> int:
    """Destroys by the log in the data folder what was decided after that moment. How many rows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.settings")
    import django

    django.setup()

    from shouwang.catalogue import RETENTION
    from shouwang.flows.ending.destroy_response import destroy_again
    from shouwang.keeping.backing_up import UPLOADS
    from shouwang.keeping.database import destroyer
    from shouwang.retention import log

    data = Path(os.environ["SHOUWANG_DATA"])
    later = [one for one in log.read(data / log.NAME) if one.decided_at > datetime.fromisoformat(made_at)]
    with destroyer(data) as owner:
        return destroy_again(owner, RETENTION, later, data / UPLOADS)


if __name__ == "__main__":
    print(main(sys.argv[1]))
