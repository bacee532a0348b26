"""Rows that a source system sends: 500 a call and one by one, rows a second, against a bare bulk insert.

From the checkout: `python -m bench.api_import`, for another database with the address of an empty one as argument.
The calls go through the whole application in one process, without a network between.
"""

import sys
import tempfile
from pathlib import Path

from tests.stack.installation import Installation


def main() -> None:
    """This function will build an empty installation, send rows and print."""
    with tempfile.TemporaryDirectory(prefix="jn-bench-", dir="/tmp") as folder:
        house = Installation(Path(folder), database_url=sys.argv[1] if len(sys.argv) > 1 else "")
        house.broker_url = f"redis+socket://{folder}/none.sock"
        house.manage("migrate", "--noinput", "--verbosity", "0")
        for what, found in house.call("bench.api_import_work:measure", 10, 200).items():
            print(f"{what:<12} " + "   ".join(f"{name} {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
