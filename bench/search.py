"""G12: finding customers by a part of a name, initials, a whole phone, its tail, a whole ID number, against LIKE.

`python -m bench.search [--full] [--only sqlite]`. The search is the product's own, as a person of the head office who
sees every customer, first 20 by name; LIKE is the bare statement over the column that holds it in clear or masked.
"""

from bench import book
from bench.measure import verdicts

GOALS = {"postgresql": 20.0, "sqlite": 3.0}


def main() -> None:
    """This function will measure on each database and print."""
    size, vendors = book.asked()
    for vendor in vendors:
        with book.copy(vendor, size) as house:
            found = house.call("bench.search_work:measure", size.customers)
        print(f"\n{vendor}, {size.customers:,} customers: times quicker than LIKE")
        verdicts(
            [
                (one["what"], f"≥ {GOALS[vendor]:.0f}x", one["like"] / one["ours"], GOALS[vendor], one)
                for one in found
            ]
        )


if __name__ == "__main__":
    main()
