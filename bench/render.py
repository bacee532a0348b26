"""G14 without a server: what one list page costs a process, beside the floor, in milliseconds of its own and in calls.

`python -m bench.render [--customers N] [--tickets N] [--only sqlite]`. Quick, so that a change of a page can be tried:
requests go straight into the application, rounds alternate between the product and the floor, and the least time of a
page counts. Calls of functions are the same on every machine, however busy it is.
"""

from typing import Any

from bench import book
from bench.measure import verdicts
from tests.stack.installation import Installation

ROUNDS = 3
PAGES = [
    ("manager", "/tickets/"), ("keeper", "/?scope=mine"), ("manager", "/?scope=branch"),
    ("manager", "/promises/"), ("manager", "/customers/?all=1"), ("head", "/tickets/"),
]  # fmt: skip
Costs = dict[str, dict[str, float]]


def measure(vendor: str, size: book.Size, rounds: int = ROUNDS) -> list[Any]:
    """This function will draw every page and the floor in turn, and give the verdicts."""
    with book.copy(vendor, size) as house:
        house.manage("collectstatic", "--noinput", "--verbosity", "0")
        cookies = house.call("bench.pages_work:people")["cookies"]
        found: Costs = {}
        for _turn in range(rounds):
            for name, cost in _costs(house, cookies).items():
                kept = found.setdefault(name, cost)
                kept["ms"] = min(kept["ms"], cost["ms"])
    return _judged(found)


def _costs(house: Installation, cookies: dict[str, Any]) -> Costs:
    ours: Costs = house.call("bench.render_work:costs", cookies, PAGES)
    more = dict(house.more_env)
    house.more_env = more | {"DJANGO_SETTINGS_MODULE": "bench.floor_settings"}
    try:
        floor: Costs = house.call("bench.render_work:costs", cookies, [("manager", "/floor")])
    finally:
        house.more_env = more
    return ours | floor


def _judged(found: Costs) -> list[Any]:
    floor = found["manager /floor"]
    return [
        (f"G14 {name}, to the floor", "≥ 0.6x", floor["ms"] / cost["ms"], 0.6,
         {"ms": cost["ms"], "floor ms": floor["ms"], "calls": int(cost["calls"]),
          "floor calls": int(floor["calls"]), "statements": int(cost["statements"]), "rows": int(cost["rows"])})
        for name, cost in found.items() if cost is not floor
    ]  # fmt: skip


def main() -> None:
    """This function will measure on each database and print."""
    size, vendors = book.asked()
    for vendor in vendors:
        found = measure(vendor, size)
        print(f"\n{vendor}, {size.customers:,} customers, {size.tickets:,} tickets")
        verdicts(found)


if __name__ == "__main__":
    main()
