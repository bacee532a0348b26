"""One numbered line of a holiday notice: “二、春节：2月15日至23日放假调休，共9天。2月14日（周六）上班。”"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from crm.time.notice_clauses import Clause, Says, clauses_of, read_clause
from crm.time.notice_dates import Days
from crm.time.notice_words import ENCOURAGED, core_day, is_formula

_DAY = timedelta(days=1)
_SATURDAY = 5
# From 2004 to 2026 no day was worked in exchange more than eleven days from its holiday.
_FARTHEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Holiday:
    """What one line says: the days off, the days worked in exchange, and the line itself."""

    names: tuple[str, ...]
    text: str
    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()
    encouraged: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """This function will name the holiday as the calendar does; two on the same days share it."""
        return "、".join(self.names)


def weekend(day: date) -> bool:
    """This function will say whether a day is a Saturday or Sunday."""
    return day.weekday() >= _SATURDAY


@dataclass(slots=True)
class HolidayReader:
    """Reads the sentences behind one head; what contradicts itself is told to `complain` with the words quoted."""

    year: int
    names: tuple[str, ...]
    complain: Callable[[str], None]
    off: set[date] = field(default_factory=set)
    worked: set[date] = field(default_factory=set)
    encouraged: list[str] = field(default_factory=list)
    _counted: list[date] = field(default_factory=list)
    _quote: str = ""
    _unread: bool = False

    def sentence(self, words: str, original: str) -> None:
        """This function will read one sentence, clause by clause; one that says nothing known is named."""
        self._quote = original
        if ENCOURAGED.fullmatch(words):
            self.encouraged.append(original)
            return
        if is_formula(words):
            return
        days = Days(self.year, self.names, self._contradict)
        self._counted = []
        for part in clauses_of(words):
            clause = read_clause(part, days)
            if clause is None:
                self.complain(f"没有读懂“{original}”。")
                self._unread = True
                return
            self._take(clause)

    def result(self, text: str) -> Holiday:
        """This function will close the line: its days in order, checked against each other and its name."""
        self._quote = text
        if not self._unread:
            self._check_days()
        return Holiday(
            self.names, text, tuple(sorted(self.off)), tuple(sorted(self.worked)), tuple(self.encouraged)
        )

    def _contradict(self, what: str) -> None:
        self.complain(f"“{self._quote}”：{what}。")

    def _take(self, clause: Clause) -> None:
        """Adds what the clause says to the holiday, or says why it cannot be."""
        says, days = clause.says, clause.days
        if says is Says.OFF:
            self._counted = days
            self.off.update(days)
        elif says is Says.WITH_WEEKEND:
            self._join_weekend()
        elif says is Says.IN_LIEU:
            self._in_lieu(days)
        elif says is Says.WORKED:
            self._work(days)
        elif says in (Says.LAWFUL, Says.WEEKEND):
            self._must_be_off(days, weekends=says is Says.WEEKEND)
        elif says is Says.MOVED:
            self._must_be_off(clause.targets or [])
            self._work([day for day in days if day not in self.off])
        if clause.counted is not None and clause.counted != len(self._counted):
            self._contradict(f"列出 {len(self._counted)} 天，写的是共 {clause.counted} 天")

    def _join_weekend(self) -> None:
        """Saturdays and Sundays right before and after are part of the holiday."""
        around = {day for off in self.off for day in _weekend_beside(off)} - self.off
        if not around:
            self._contradict("放假日不与周末相邻")
        self.off |= around

    def _in_lieu(self, days: list[date]) -> None:
        """4月5日放假，4月7日补休: the Sunday between is part of the holiday."""
        for day in days:
            if weekend(day):
                self._contradict(f"补休日 {day} 是周末")
        self.off.update(days)
        span = (max(self.off) - min(self.off)).days if self.off else 0
        between = (min(self.off) + offset * _DAY for offset in range(1, span))
        self.off.update([day for day in between if weekend(day)])

    def _work(self, days: list[date]) -> None:
        for day in days:
            if not weekend(day):
                self._contradict(f"调休上班日 {day} 是周一至周五")
            if day in self.off:
                self._contradict(f"调休上班日 {day} 在放假日之内")
        self.worked.update(days)

    def _must_be_off(self, days: list[date], weekends: bool = False) -> None:
        """Explanations, as in 2008 and 2009, add no day: they must agree with the days off."""
        for day in days:
            if day not in self.off:
                self._contradict(f"{day} 不在放假日之内")
            elif weekends and not weekend(day):
                self._contradict(f"公休日 {day} 不是周末")

    def _check_days(self) -> None:
        if not self.off:
            self._contradict(f"没有读出“{'、'.join(self.names)}”的放假日")
            return
        first, last = min(self.off), max(self.off)
        if (last - first).days + 1 != len(self.off):
            self._contradict(f"放假日 {first} 至 {last} 中间断开")
        for name in self.names:
            core = core_day(name, self.year)
            if core is not None and core not in self.off:
                self._contradict(f"{name}当日 {core} 不在放假日里")
        for day in sorted(self.worked):
            if not first - _FARTHEST <= day <= last + _FARTHEST:
                self._contradict(f"调休上班日 {day} 离假期太远")


def _weekend_beside(day: date) -> list[date]:
    """The Saturday and Sunday that touch a day: both of them for a Friday, none for a Wednesday."""
    before = {0: (1, 2), 6: (1,)}.get(day.weekday(), ())
    after = {4: (1, 2), 5: (1,)}.get(day.weekday(), ())
    return [day - offset * _DAY for offset in before] + [day + offset * _DAY for offset in after]
