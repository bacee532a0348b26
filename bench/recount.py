"""G3: a new holiday notice, every promise that waited for it counted again, against an UPDATE by join with a day table.

`python -m bench.recount [--full] [--only sqlite] [--profile]`. The bare side writes one event a promise too.
"""

import sys

from bench import book
from bench.measure import verdicts

MANY, GOAL = 38_000, 3.0


def main() -> None:
    """This function will measure on each database and print."""
    profiled = "--profile" in sys.argv
    size, vendors = book.asked([one for one in sys.argv[1:] if one != "--profile"])
    for vendor in vendors:
        with book.copy(vendor, size) as house:
            house.call("bench.recount_work:prepare", size.customers, MANY)
            if profiled:
                print(house.call("bench.recount_work:profile"))
            found = house.call("bench.recount_work:measure")
        print(f"\n{vendor}, {size.customers:,} customers")
        verdicts(
            [("G3 counted again, to the bare UPDATE", "≤ 3x", found["ours s"] / found["raw s"], GOAL, found)]
        )


if __name__ == "__main__":
    main()
