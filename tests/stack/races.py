"""Two people, or a person and the machine, doing something at the very same moment, round after round.

Each race prepares a row, lets two threads with connections of their own run from one barrier, and says what
each of them got and whether what stands afterwards makes sense.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

from crm.house_rules import HouseRules
from crm.models import Customer, RevealTally, SourceKey, User
from crm.services import contacts, form_tokens, merging
from crm.services.book.sending_in import take_in
from crm.services.book.sent_fields import Record
from servicing.models import Commitment, Ticket
from servicing.services import commitments, tickets
from servicing.services.commitments import Proof, ledger
from tests.factories import crm as make
from tests.factories.servicing import at, promise, ticket
from tests.factories.tiers import give_tier

NOW = at("2026-03-05 10:00")  # PA-18.1.4-general from 03-02 is due on 03-09
DUE = at("2026-03-09 23:59:59")
LATE = DUE + timedelta(seconds=1)

Act = Callable[[], object]
Result = dict[str, Any]


class Race:
    """Rounds of one race: what the two got, and every sentence about what should not be."""

    def __init__(self) -> None:
        """This function will bring the cast."""
        manager = make.person("guo", role="branch_manager")
        self.lin: User = make.person("lin", supervisor=manager)
        self.silver: Customer = make.customer("银河物流", owner=self.lin)
        self.ordinary: Customer = make.customer("普济商贸", owner=self.lin)
        give_tier(self.silver, "silver")
        self.barrier = Barrier(2)
        self.pool = ThreadPoolExecutor(2)
        self.got: Counter[str] = Counter()
        self.wrong: list[str] = []

    def run(self, left: Act, right: Act) -> tuple[str, str]:
        """This function will let both go at once and name what each got."""
        names = [
            one.result() for one in (self.pool.submit(self._act, left), self.pool.submit(self._act, right))
        ]
        self.got["|".join(sorted(names))] += 1
        return names[0], names[1]

    def _act(self, act: Act) -> str:
        self.barrier.wait(30)
        try:
            act()
        except Exception as error:
            return type(error).__name__
        return "done"

    def expect(self, true: bool, said: str) -> None:
        """This function will note what is not as it should be."""
        if not true:
            self.wrong.append(said)

    def result(self) -> Result:
        """This function will give what the rounds showed."""
        return {"got": dict(self.got), "wrong": self.wrong}

    def promise(self) -> Commitment:
        """This function will open a promise."""
        return promise(self.silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))

    def fulfil(self, row: Commitment, number: int, moment: datetime) -> Act:
        """This function will prepare to close it with a proof of one's own."""
        proof = Proof("reply", f"GD#{number}")
        return lambda: commitments.fulfil(commitment=row, at=moment, by=self.lin, proof=proof, now=moment)

    def pause(self, row: Commitment, moment: datetime) -> Act:
        """This function will prepare to stop its clock."""
        return lambda: commitments.pause(commitment=row, reason="papers", by=self.lin, now=moment)


def two_closings(rounds: int) -> Result:
    """Two people close the same promise."""
    race = Race()
    for _round in range(rounds):
        row = race.promise()
        race.run(race.fulfil(row, 1, NOW), race.fulfil(row, 2, NOW))
        row.refresh_from_db()
        kinds = Counter(row.events.values_list("kind", flat=True))
        race.expect(kinds == {"opened": 1, "fulfilled": 1, "evidence": 1}, str(kinds))
        race.expect(row.evidence.count() == 1 and row.version == 2, f"v{row.version}")
    return race.result()


def closing_and_sweep(rounds: int) -> Result:
    """Somebody answers a second late, while the sweep comes by."""
    race = Race()
    for _round in range(rounds):
        row = race.promise()
        race.run(race.fulfil(row, 1, LATE), lambda: commitments.sweep(now=LATE))
        row.refresh_from_db()
        race.expect((row.state, row.breached_at) == ("fulfilled", DUE), f"{row.state} {row.breached_at}")
        race.expect(row.events.filter(kind="broken").count() == 1, "broken not once")
    return race.result()


def closing_in_time_and_sweep(rounds: int) -> Result:
    """Somebody read the clock in the last second, and the sweep a second later."""
    race = Race()
    for _round in range(rounds):
        row = race.promise()
        race.run(race.fulfil(row, 1, DUE), lambda: commitments.sweep(now=LATE))
        row.refresh_from_db()
        broken = row.events.filter(kind="broken").exists()
        race.expect(row.state == "fulfilled", row.state)
        race.expect((row.breached_at is not None) == broken, f"{row.breached_at}, event: {broken}")
    return race.result()


def pause_and_sweep(rounds: int) -> Result:
    """Somebody stops the clock in the last second, and the sweep comes a second later."""
    race = Race()
    for _round in range(rounds):
        row = race.promise()
        race.run(race.pause(row, DUE), lambda: commitments.sweep(now=LATE))
        row.refresh_from_db()
        broken = row.events.filter(kind="broken").exists()
        paused = row.pauses.filter(ended_at__isnull=True).exists()
        race.expect(broken != paused, f"broken {broken}, paused {paused}")
        race.expect((row.state == "paused") == paused, row.state)
        commitments.cancel(commitment=row, kind="baseless", reason="下一轮", by=race.lin, now=LATE)
    return race.result()


def two_pauses(rounds: int) -> Result:
    """Two people stop the same clock, then both let it run on."""
    race = Race()
    for _round in range(rounds):
        row = race.promise()
        race.run(race.pause(row, NOW), race.pause(row, NOW))
        race.expect(row.pauses.count() == 1, f"{row.pauses.count()} pauses")
        act = lambda: commitments.resume(commitment=row, by=race.lin, now=NOW)  # noqa: B023, E731
        race.run(act, act)
        race.expect(row.events.filter(kind="resumed").count() == 1, "resumed not once")
    return race.result()


def two_openings(rounds: int) -> Result:
    """Two planners make the promise of one occasion."""
    race = Race()
    for number in range(rounds):
        made: list[int] = []

        def act(occasion: str = f"race:{number}", made: list[int] = made) -> None:
            made.append(promise(race.silver, occasion=occasion).pk)

        race.run(act, act)
        rows = Commitment.objects.filter(occasion=f"race:{number}")
        race.expect(rows.count() == 1 and set(made) == {rows[0].pk} and len(made) == 2, f"{made}")
        race.expect(rows[0].events.count() == 1, "opened not once")
    return race.result()


def two_replies(rounds: int) -> Result:
    """Two people answer the same complaint from the same page."""
    race = Race()
    for _round in range(rounds):
        row = ticket(race.silver, "complaint", received_at=NOW)

        def act(row: Ticket = row) -> None:
            tickets.reply(ticket=row, body="已处理。", by=race.lin, now=NOW, version=row.version)

        race.run(act, act)
        race.expect(row.entries.filter(kind="reply").count() == 1, "replied not once")
        row.refresh_from_db()
        race.expect(row.promise is not None and row.promise.evidence.count() == 1, "proof not once")
    return race.result()


def two_completions(rounds: int) -> Result:
    """Two people note that the papers are complete, which starts the clock."""
    race = Race()
    for _round in range(rounds):
        row = ticket(race.silver, "change", received_at=NOW, papers_complete=False)

        def act(row: Ticket = row) -> None:
            tickets.complete_papers(ticket=row, by=race.lin, now=NOW)

        race.run(act, act)
        started = Commitment.objects.filter(occasion=f"ticket:{row.number}").count()
        race.expect(started == 1, f"{started} clocks")
    return race.result()


def papers_and_completion(rounds: int) -> Result:
    """One notes the last paper, another that the papers are complete."""
    race = Race()
    for _round in range(rounds):
        row = ticket(race.ordinary, "change", received_at=NOW)
        tickets.ask_papers(ticket=row, papers=["申请书", "身份证复印件"], by=race.lin, now=NOW)
        Ticket.objects.filter(pk=row.pk).update(papers_complete_at=None)

        def arrived(row: Ticket = row) -> None:
            tickets.papers_arrived(ticket=row, by=race.lin, now=NOW)

        def complete(row: Ticket = row) -> None:
            tickets.complete_papers(ticket=row, by=race.lin, now=NOW)

        race.run(arrived, complete)
        row.refresh_from_db()
        race.expect(row.state == "received", row.state)
        race.expect(not row.missing_papers.filter(received_at__isnull=True).exists(), "papers missing")
    return race.result()


def double_submit(rounds: int) -> Result:
    """One form is sent twice."""
    race = Race()
    for number in range(rounds):
        said: list[str] = []

        def act(token: str = f"race-{number}", said: list[str] = said) -> None:
            open_one = lambda: ticket(race.silver, "enquiry", received_at=NOW).number  # noqa: E731
            said.append(form_tokens.once(token=token, user=race.lin, now=NOW, act=open_one))

        before = Ticket.objects.count()
        race.run(act, act)
        race.expect(Ticket.objects.count() == before + 1, "not one ticket")
        race.expect(len(said) == 2 and len(set(said)) == 1, f"{said}")
    return race.result()


def two_reminders(rounds: int) -> Result:
    """Two people remind the same owner."""
    race = Race()
    people = [make.person("qin", role="service_agent"), make.person("guo", role="branch_manager")]
    for _round in range(rounds):
        row = race.promise()
        acts = [_reminder(row, by) for by in people]
        race.run(*acts)
        urged = row.events.filter(kind="urged").count()
        race.expect(urged == 1, f"urged {urged} times")
    return race.result()


def _reminder(row: Commitment, by: User) -> Act:
    return lambda: commitments.urge(commitment=row, reason="客户来催", by=by, now=NOW)


def two_merges(rounds: int) -> Result:
    """Two managers merge the same pair, each the other way round."""
    race = Race()
    manager = make.person("guo", role="branch_manager")
    for _round in range(rounds):
        left, right = make.customer("金海", owner=race.lin), make.customer("金海", owner=race.lin)
        race.run(_merger(left, right, manager), _merger(right, left, manager))
        pointers = Customer.objects.filter(pk__in=(left.pk, right.pk), merged_into__isnull=False).count()
        race.expect(pointers == 1, f"{pointers} pointers")
    return race.result()


def merge_and_ticket(rounds: int) -> Result:
    """A ticket is opened for a customer while it is merged into another."""
    race = Race()
    manager = make.person("guo", role="branch_manager")
    for _round in range(rounds):
        left, right = make.customer("金海", owner=race.lin), make.customer("金海", owner=race.lin)

        def open_one(right: Customer = right) -> None:
            ticket(right, "enquiry", received_at=NOW)

        race.run(_merger(left, right, manager), open_one)
        lost = Ticket.objects.filter(customer=right).count()
        race.expect(lost == 0, f"{lost} tickets stay with the merged row")
    return race.result()


def _merger(survivor: Customer, merged: Customer, by: User) -> Act:
    return lambda: merging.merge(
        survivor=survivor, merged=merged, versions=(1, 1), taken_over=(), reason="重复", by=by, now=NOW
    )


def two_last_looks(rounds: int) -> Result:
    """One person looks at clear data in two windows, with one look left for the day."""
    race = Race()
    contact = make.contact(race.silver, "张伟", phone="13800005678")
    free = HouseRules().reveals_free
    for number in range(rounds):
        now = NOW + timedelta(days=number)
        RevealTally.objects.create(user=race.lin, day=now.date(), shown=free - 1)

        def act(now: datetime = now) -> None:
            contacts.reveal(contact=contact, field="phone", reason="电话回访", by=race.lin, now=now)

        race.run(act, act)
        tally = RevealTally.objects.get(user=race.lin, day=now.date())
        race.expect(tally.shown == free, f"{tally.shown} looks")
    return race.result()


def two_sendings(rounds: int) -> Result:
    """A source system sends a new customer twice, then a change of it twice, in batches of two orders."""
    race = Race()
    manager = make.person("guo", role="branch_manager")

    def sent(number: int, name: str, told: list[str], order: int) -> Act:
        fields = {"kind": "organisation", "name": name, "branch": "120101", "owner": "lin"}
        records = [Record(f"S{number}-{n}", fields) for n in (1, 2)][::order]

        def act() -> None:
            _batch, taken = take_in(sheet="customers", source="core", records=records, by=manager, now=NOW)
            told.extend(one.line.outcome.value for one in taken)

        return act

    for number in range(rounds):
        for name, first in (("晨光机械", "new"), ("晨光重工", "update")):
            told: list[str] = []
            race.run(sent(number, name, told, 1), sent(number, name, told, -1))
            race.expect(Counter(told) == {first: 2, "unchanged": 2}, f"{first}: {told}")
        rows = Customer.objects.filter(number__startswith=f"S{number}-").count()
        keys = SourceKey.objects.filter(external_id__startswith=f"S{number}-").count()
        race.expect((rows, keys) == (2, 2), f"{rows} rows, {keys} keys")
    return race.result()


def closings_without_guards(rounds: int) -> Result:
    """The same as `two_closings` where nobody holds the row and nobody compares its version."""

    def held(pk: int) -> Commitment:
        return Commitment.objects.select_related("standard", "customer", "owner", "branch").get(pk=pk)

    def change(row: Commitment, **fields: Any) -> Commitment:
        Commitment.objects.filter(pk=row.pk).update(version=row.version + 1, **fields)
        for name, value in fields.items():
            setattr(row, name, value)
        return row

    ledger.held, ledger.change = held, change
    return two_closings(rounds)


def run(names: list[str], rounds: int) -> dict[str, Result]:
    """This function will run races by name, one after the other."""
    return {name: RACES[name](rounds) for name in names}


RACES: dict[str, Callable[[int], Result]] = {
    one.__name__: one
    for one in (
        two_closings,
        closing_and_sweep,
        closing_in_time_and_sweep,
        pause_and_sweep,
        two_pauses,
        two_openings,
        two_replies,
        two_completions,
        papers_and_completion,
        double_submit,
        two_reminders,
        two_merges,
        merge_and_ticket,
        two_last_looks,
        two_sendings,
        closings_without_guards,
    )
}
