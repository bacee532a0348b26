"""What a promise should be, worked out slowly: plain sets of dates, one day after the other, nothing of `crm.time`.

The machine in `test_promise_machine.py` does to these what it does to real rows and compares after every step.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

CN = timezone(timedelta(hours=8))
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def days(first: str, last: str = "") -> set[date]:
    """Every date from the first to the last, both included."""
    start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    return {start + n * DAY for n in range((end - start).days + 1)}


# The notice for 2026 (with the two spring and autumn weeks), and an invented one for 2027.
OFF = (
    days("2026-01-01", "2026-01-03")
    | days("2026-02-15", "2026-02-23")
    | days("2026-04-04", "2026-04-06")
    | days("2026-05-01", "2026-05-05")
    | days("2026-06-19", "2026-06-21")
    | days("2026-09-25", "2026-09-27")
    | days("2026-10-01", "2026-10-07")
)
MADE_UP = (
    days("2026-01-04")
    | days("2026-02-14")
    | days("2026-02-28")
    | days("2026-05-09")
    | days("2026-09-20")
    | days("2026-10-10")
)
# By law alone: new year's day, and new year's eve with the first three days of the lunar year.
OFF_BY_LAW_2027 = days("2027-01-01") | days("2027-02-05", "2027-02-08")
OFF_2027 = days("2027-01-01", "2027-01-03") | days("2027-02-05", "2027-02-11")
MADE_UP_2027 = days("2027-01-09") | days("2027-01-31")
NOTICE_2027 = """
year = 2027
number = "测试通知"
published_on = 2026-11-20
source = "测试"
version = 1

[[holiday]]
name = "元旦"
from = 2027-01-01
to = 2027-01-03
makeup = [2027-01-09]

[[holiday]]
name = "春节"
from = 2027-02-05
to = 2027-02-11
makeup = [2027-01-31]
"""

ALL = ("papers", "appraisal", "medical", "mediation", "proceedings", "force_majeure")


@dataclass(frozen=True)
class Class:
    """One kind of promise as the rule book says it: unit, amount, who set it, what may stop it."""

    code: str
    kind: str
    unit: str
    amount: int
    reasons: tuple[str, ...]
    law: bool = False


CLASSES = {
    one.code: one
    for one in (
        Class("PA-18.1.4-general", "claim", "wd", 5, ALL),
        Class("PA-18.1.4-investigation", "claim", "wd", 10, ALL),
        Class("PA-17.2", "change", "wd", 3, ALL),
        Class("PA-18.1.8", "door_service", "wd", 1, ("force_majeure",)),
        Class("PA-simple", "simple_change", "same_day", 0, ALL),
        Class("PA-18.2.1-complaint", "complaint", "nd", 3, ALL),
        Class("R-4 simple", "complaint_law", "nd", 15, ("appraisal", "mediation"), law=True),
        Class("CL-48h", "recovery", "h", 48, ()),
        Class("PA-18.2.7", "birthday_greeting", "window", 0, ()),
    )
}


def day_of(moment: datetime) -> date:
    """The date on the wall in Shanghai."""
    return moment.astimezone(CN).date()


def clock_of(moment: datetime) -> time:
    """The whole second on the wall in Shanghai."""
    return moment.astimezone(CN).time().replace(microsecond=0)


def moment(day: date, at: time = time(0)) -> datetime:
    """A date and a wall time as an instant."""
    return datetime.combine(day, at, CN)


def cut(moment: datetime) -> datetime:
    """Without its fraction of a second."""
    return moment.replace(microsecond=0)


@dataclass
class World:
    """What everybody knows: whether the notice for 2027 has come."""

    published: bool = False

    def works(self, day: date) -> bool:
        """Whether people work on a date."""
        off, made_up = (OFF_2027, MADE_UP_2027) if self.published else (OFF_BY_LAW_2027, set())
        if day in OFF | off:
            return False
        return day in MADE_UP | made_up or day.weekday() < 5

    def after(self, day: date, n: int) -> date:
        """The nth working day after a date, walked."""
        while n:
            day += DAY
            n -= self.works(day)
        return day

    def before(self, day: date, n: int) -> date:
        """The nth working day before a date, walked."""
        while n:
            day -= DAY
            n -= self.works(day)
        return day

    def same_day(self, received: datetime) -> date:
        """Today until six, else the next working day (X-08)."""
        day = day_of(received)
        return day if self.works(day) and clock_of(received) <= time(18) else self.after(day, 1)


@dataclass
class Rest:
    """A pause: from when to when, and why. `end` is None while it lasts."""

    start: datetime
    reason: str
    end: datetime | None = None
    told_long: bool = False

    def dates(self, until: date) -> set[date]:
        """The dates it takes out of the count: none where it began and ended on one date (X-13)."""
        first, last = day_of(self.start), day_of(self.end) if self.end else until
        if self.end and first == last:
            return set()
        return {first + n * DAY for n in range((last - first).days + 1)}


@dataclass
class Oracle:
    """One promise, and everything that happened to it."""

    what: Class
    occasion: str
    trigger: datetime
    world: World
    owner: str = "lin"
    window_end: datetime | None = None
    state: str = "open"
    due: datetime | None = None
    latest: date | None = None
    provisional: bool = False
    breached: datetime | None = None
    fulfilled: datetime | None = None
    wake: datetime | None = None
    counted_again: datetime | None = None
    rests: list[Rest] = field(default_factory=list)
    warned: set[datetime] = field(default_factory=set)
    rungs: set[str] = field(default_factory=set)
    over: set[datetime] = field(default_factory=set)
    events: list[tuple[str, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """A new promise knows its due time. Amber at the trigger is not told: the owner has just been given it."""
        self.count()
        self.wake = min(one for one in self.moments() if one > self.trigger)

    # -- counting ------------------------------------------------------------------------------------

    def due_now(self) -> datetime | None:
        """The due time, walked day by day; None where a pause that lasts comes before the last counted day."""
        if self.what.unit == "window":
            return self.window_end
        if self.what.unit == "h":
            return self.trigger + self.what.amount * timedelta(hours=1)
        day = self._same_day() if self.what.unit == "same_day" else self._walk()
        return moment(day, time(23, 59, 59)) if day else None

    def _walk(self) -> date | None:
        far = date(2028, 6, 1)
        closed = [one for one in self.rests if one.end]
        lasting = next((one for one in self.rests if not one.end), None)
        taken_out: set[date] = set().union(*(one.dates(far) for one in closed)) if closed else set()
        day, left = day_of(self.trigger), self.what.amount
        while left:
            day += DAY
            if lasting and day >= day_of(lasting.start):
                return None
            if day not in taken_out and (self.what.unit == "nd" or self.world.works(day)):
                left -= 1
        return day

    def _same_day(self) -> date | None:
        due = self.world.same_day(self.trigger)
        for rest in self.rests:
            if rest.end and day_of(rest.start) == day_of(rest.end):
                continue
            if day_of(rest.start) > due:
                break
            if rest.end is None:
                return None
            due = max(due, self.world.same_day(rest.end))
        return due

    def count(self) -> None:
        """Counts again and remembers."""
        self.due = self.due_now()
        self.latest = None
        if self.due is None:
            return
        last = day_of(self.due)
        if self.what.law and self.what.unit == "nd":
            last = self.latest = last if self.world.works(last) else self.world.after(last, 1)
        timed = self.what.unit not in ("h", "window")
        self.provisional = timed and last.year > 2026 and not self.world.published

    # -- asking --------------------------------------------------------------------------------------

    @property
    def resting(self) -> Rest | None:
        """The pause that lasts."""
        return next((one for one in self.rests if one.end is None), None)

    @property
    def closed(self) -> bool:
        """Fulfilled or cancelled."""
        return self.state in ("fulfilled", "cancelled")

    def late(self, now: datetime) -> bool:
        """Overdue at a moment, whoever has noticed."""
        return self.breached is not None or (self.due is not None and cut(now) > self.due)

    def is_long(self, rest: Rest, until: datetime) -> bool:
        """More than ten working days, both ends counted."""
        first, last = day_of(rest.start), day_of(until)
        return sum(self.world.works(first + n * DAY) for n in range((last - first).days + 1)) > 10

    def becomes_long(self, rest: Rest) -> datetime:
        """The midnight at which a pause enters its eleventh working day."""
        return moment(self.world.after(day_of(rest.start) - DAY, 11))

    def amber(self) -> datetime:
        """When the owner is to be warned (X-23)."""
        assert self.due is not None
        if self.what.unit in ("wd", "same_day"):
            amount = self.what.amount if self.what.unit == "wd" else 0
            back = 2 if amount >= 5 else 1 if amount >= 2 else 0
            return moment(self.world.before(day_of(self.due), back))
        if self.what.unit == "window":
            return self.due - (self.due - self.trigger) / 5
        return self.due - int((self.due - self.trigger).total_seconds() // 5) * SECOND

    def ladder(self) -> Iterator[tuple[str, datetime]]:
        """The rungs after the due time with their moments."""
        assert self.due is not None
        yield "broken", self.due + SECOND
        for name, n in (("escalated:1", 1), ("escalated:2", 3)):
            day = day_of(self.due)
            yield name, self.due + SECOND + (self.world.after(day, n) - day)

    # -- acting --------------------------------------------------------------------------------------

    def happened(self, kind: str, at: datetime) -> None:
        """Remembers an event."""
        self.events.append((kind, at))

    def end_rest(self, at: datetime) -> None:
        """The pause ends and the clock runs on."""
        rest = self.resting
        assert rest is not None
        rest.end = max(at, rest.start)
        self.state = "open"
        self.count()
        self.run_on(rest.end)
        self.happened("resumed", rest.end)

    def break_now(self) -> None:
        """The breach is written down, once."""
        assert self.due is not None
        self.breached = self.due
        self.rungs.add("broken")
        self.happened("broken", self.due + SECOND)

    def look(self, now: datetime) -> None:
        """What a sweep finds, if it is time to look."""
        if self.closed or self.wake is None or self.wake > now:
            return
        if self.resting:
            self._look_at_rest(self.resting, now)
            return
        assert self.due is not None
        was_broken = self.breached is not None
        for name, at in self.ladder():
            if at <= now and name not in self.rungs:
                if name == "broken":
                    self.break_now()
                else:
                    self.rungs.add(name)
                    self.happened("escalated", at)
        at = self.amber()
        if not (was_broken or self.breached) and self.due not in self.warned and at <= now:
            self.warned.add(self.due)
            # Amber when the clock runs on again: true since then, and told.
            self.happened("warned", max(at, self.counted_again) if self.counted_again else at)
        self.wake = min((one for one in self.moments() if one > now), default=None)

    def _look_at_rest(self, rest: Rest, now: datetime) -> None:
        long = self.becomes_long(rest)
        if long > now:
            self.wake = long
            return
        self.wake = now + DAY
        if not rest.told_long:
            rest.told_long = True
            self.happened("escalated", long)

    def moments(self) -> list[datetime]:
        """Every moment at which something becomes true."""
        return [self.amber(), *(at for _name, at in self.ladder())]

    def run_on(self, now: datetime) -> None:
        """The clock was counted again: whatever is true already is looked at now."""
        self.counted_again = now
        self.wake = max(self.amber(), now)
