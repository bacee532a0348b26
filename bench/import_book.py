"""The import of 20,000 rows: seconds of dry run and writing, peak memory, pages meanwhile, against a bare bulk insert.

From the checkout: `python -m bench.import_book`, for another database with the address of an empty one as argument.
The worker's code and the pages run in processes of their own, so that each has its own memory and connection.
"""

import sys
import tempfile
from pathlib import Path

from tests.stack.installation import Installation

ROWS = 20_000


def main() -> None:
    """This function will build an empty installation, import and print."""
    with tempfile.TemporaryDirectory(prefix="jn-bench-", dir="/tmp") as folder:
        house = Installation(Path(folder), database_url=sys.argv[1] if len(sys.argv) > 1 else "")
        house.broker_url = f"redis+socket://{folder}/none.sock"
        house.manage("migrate", "--noinput", "--verbosity", "0")
        house.call("bench.import_work:prepare", ROWS)
        found = house.call("bench.import_work:alone")
        for name, value in found.items():
            print(f"{name:<28} {value}")
        pages = house.begin("bench.import_work:pages", 400)
        assert pages.stdin is not None
        pages.stdin.write("go\n")
        pages.stdin.flush()
        house.call("bench.import_work:again")
        out, error = pages.communicate(timeout=600)
        print(f"{'pages meanwhile':<28} {out.splitlines()[-1] if pages.returncode == 0 else error[-600:]}")


if __name__ == "__main__":
    main()
