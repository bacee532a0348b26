"""G4, G5, G14: creating tickets and reading lists through the real doors, against django-helpdesk and against the floor.

`python -m bench.pages [--full] [--only sqlite]`. Ours is served by granian, helpdesk by gunicorn, the floor by granian:
two processes of two threads each. Cases are interleaved; every figure is a median of the rounds.
"""

import json
import uuid
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import Any

from bench import book, helpdesk
from bench.measure import verdicts
from bench.serving import Ask, Door, granian, together

ROUNDS, ASKED = 5, 20
PAGES = [
    ("manager", "/tickets/"), ("keeper", "/?scope=mine"), ("manager", "/?scope=branch"),
    ("head", "/tickets/"), ("manager", "/promises/"), ("manager", "/customers/?all=1"),
]  # fmt: skip


def _get(path: str) -> Ask:
    return lambda _n: ("GET", path, None, {})


def _ours(known: dict[str, Any]) -> Ask:
    def create(n: int) -> tuple[str, str, bytes | None, dict[str, str]]:
        body = {
            "customer": known["customers"][n % len(known["customers"])],
            "kind": "complaint",
            "channel": "web",
        }
        received = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
        key, token = str(uuid.uuid4()), known["tokens"][n % len(known["tokens"])]
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        }
        asked = json.dumps({**body, "subject": f"请求 {n}", "received_at": received}).encode()
        return "POST", "/api/v1/tickets", asked, headers

    return create


def _theirs(n: int) -> tuple[str, str, bytes | None, dict[str, str]]:
    return "POST", "/api/tickets/", helpdesk.new_ticket(n), {"Content-Type": "application/json"}


def _cookies(known: dict[str, Any], who: str) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in known["cookies"][who].items())}


def measure(vendor: str, size: book.Size, rounds: int = ROUNDS, asked: int = ASKED) -> list[Any]:
    """This function will serve all three, ask them in turn, and give the verdicts."""
    with book.copy(vendor, size) as house, helpdesk.served(vendor, size.tickets) as theirs:
        house.manage("collectstatic", "--noinput", "--verbosity", "0")
        known = house.call("bench.pages_work:people")
        counted = house.call("bench.pages_work:statements", known, PAGES)
        with (
            granian(house, "crm.wsgi:application") as port,
            granian(house, "bench.floor_wsgi:application") as below,
        ):
            floor = Door(below, _cookies(known, "manager"))
            cases: dict[str, tuple[Door, Ask]] = {
                "create": (Door(port), _ours(known)),
                "helpdesk create": (theirs, _theirs),
                "helpdesk list": (theirs, _get(helpdesk.LIST)),
                "floor": (floor, _get("/floor")),
                **{f"{who} {page}": (Door(port, _cookies(known, who)), _get(page)) for who, page in PAGES},
            }
            figures = _ask(cases, rounds, asked)
    return _judged(figures, counted)


def _ask(cases: dict[str, tuple[Door, Ask]], rounds: int, asked: int) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, list[float]]] = {name: {"1": [], "4": [], "all": []} for name in cases}
    for turn in range(rounds + 1):
        for name, (door, what) in cases.items():
            slow = max(2, asked // 4) if name == "helpdesk list" else asked
            first = turn * 10_000
            one, taken = together(door, what, slow, 1, first)
            four, _taken = together(door, what, max(1, slow // 2), 4, first + 5_000)
            if turn:  # the first turn warms up
                found[name]["1"].append(one)
                found[name]["4"].append(four)
                found[name]["all"] += taken
    return {
        name: {
            "1 client, /s": median(one["1"]), "4 clients, /s": median(one["4"]),
            "p50 ms": 1000 * median(one["all"]), "p95 ms": 1000 * quantiles(one["all"], n=20)[18],
        }
        for name, one in found.items()
    }  # fmt: skip


def _judged(figures: dict[str, dict[str, float]], counted: dict[str, Any]) -> list[Any]:
    ours, theirs, floor = figures["create"], figures["helpdesk create"], figures["floor"]
    rows: list[Any] = [
        (f"G4 create, {how} a second, to helpdesk's", "≥ 2x", ours[how] / theirs[how], 2.0,
         {"ours": ours[how], "helpdesk": theirs[how]})
        for how in ("1 client, /s", "4 clients, /s")
    ]  # fmt: skip
    rows.append(("G4 create, SQL statements", "≤ 12", float(counted["create"]), 12.0, {}))
    listed = figures["helpdesk list"]
    for who, page in PAGES:
        mine = figures[f"{who} {page}"]
        if page != "/customers/?all=1":
            rows += [
                (f"G5 {who} {page}, to helpdesk", "≥ 20x", listed["p50 ms"] / mine["p50 ms"], 20.0,
                 {"ours ms": mine["p50 ms"], "helpdesk ms": listed["p50 ms"]}),
                (f"G5 {who} {page}, p95 to floor", "≤ 2x", mine["p95 ms"] / floor["p95 ms"], 2.0,
                 {"ours ms": mine["p95 ms"], "floor ms": floor["p95 ms"], "statements": counted[page]}),
            ]  # fmt: skip
        for how in ("1 client, /s", "4 clients, /s"):
            rows.append((f"G14 {who} {page}, {how} to floor", "≥ 0.6x", mine[how] / floor[how], 0.6,
                         {"ours": mine[how], "floor": floor[how]}))  # fmt: skip
    return rows


def main() -> None:
    """This function will measure on each database and print."""
    size, vendors = book.asked()
    for vendor in vendors:
        found = measure(vendor, size)
        print(f"\n{vendor}, {size.customers:,} customers, {size.tickets:,} tickets")
        verdicts(found)


if __name__ == "__main__":
    main()
