"""Timing for the benches: cases interleaved (A B C A B C …), medians, ratios of one run."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter
from typing import Any

ROUNDS = 5


def seconds_per_call(work: Callable[..., Any], cases: Sequence[tuple[Any, ...]]) -> float:
    """This function will time one pass over the cases and give the seconds of one call."""
    begin = perf_counter()
    for case in cases:
        work(*case)
    return (perf_counter() - begin) / len(cases)


def interleaved(
    works: Mapping[str, tuple[Callable[..., Any], Sequence[tuple[Any, ...]]]],
) -> dict[str, float]:
    """This function will run every work once per round, in turn, and give the median seconds of a call."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, (work, cases) in works.items():
            times[name].append(seconds_per_call(work, cases))
    return {name: median(found) for name, found in times.items()}


def report(times: Mapping[str, float], ours: str) -> None:
    """This function will print calls per second and how many times ours is faster."""
    for name, spent in times.items():
        print(f"{name:<44} {1 / spent:>12,.0f} calls/s   ours is {spent / times[ours]:>8.2f}x as fast")


def verdicts(rows: Sequence[tuple[str, str, float, float, Mapping[str, Any]]]) -> None:
    """This function will print what was measured: the goal, the ratio, and whether it is met."""
    for what, goal, ratio, least, more in rows:
        told = ", ".join(
            f"{name} {value:.2f}" if isinstance(value, float) else f"{name} {value}"
            for name, value in more.items()
            if name != "what"
        )
        met = "met" if _met(goal, ratio, least) else "MISSED"
        print(f"{what:<36} goal {goal:<10} measured {ratio:>9.2f}  {met:<7} ({told})")


def _met(goal: str, ratio: float, limit: float) -> bool:
    return ratio <= limit if goal.startswith("≤") else ratio >= limit
