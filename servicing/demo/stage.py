"""What all scenes of the demo share: the clock that is shown, the people, their customers, the calendar."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from crm.models import Customer, User
from crm.models.staff import Role
from crm.registry import DemoStage
from crm.selectors import calendars
from crm.time import at_time, local_date
from tiers.models import Level

VIP = (Level.SILVER.value, Level.GOLD.value)


class Scenery:
    """The people and customers of the demo, read once."""

    def __init__(self, stage: DemoStage) -> None:
        """This function will read people and customers."""
        self.now, self.dice = stage.now, stage.dice
        self.today = local_date(stage.now)
        self.calendar = calendars.current()
        people = User.objects.select_related("branch", "supervisor").order_by("pk")
        self.people = {person.username: person for person in people}
        self.customers = list(Customer.objects.select_related("branch", "owner").order_by("number"))
        self._owned: dict[int, list[Customer]] = defaultdict(list)
        self._pools: dict[tuple[int, bool], list[Customer]] = {}
        for customer in self.customers:
            self._owned[customer.owner_id].append(customer)

    def keepers(self, *roles: str) -> list[User]:
        """This function will list the people of some roles."""
        return [one for one in self.people.values() if one.role in roles and one.is_active]

    def pool(self, person: User, *, vip: bool) -> Sequence[Customer]:
        """This function will list VIP or ordinary customers that a person works for: own ones, or the branch's."""
        known = self._pools.get((person.pk, vip))
        if known is None:
            found = self._owned[person.pk] if person.role == Role.ACCOUNT_MANAGER else self.customers
            path = person.branch.path
            known = [c for c in found if (c.tier_shown in VIP) == vip and c.branch.path.startswith(path)]
            self._pools[person.pk, vip] = known
        return known

    def intake(self, customer: Customer) -> User:
        """This function will name who takes calls for a customer: the branch's service agent, else the owner."""
        agents = self.keepers(Role.SERVICE_AGENT)
        return next((agent for agent in agents if agent.branch_id == customer.branch_id), customer.owner)

    def manager(self, person: User) -> User:
        """This function will name a manager who may approve for a person."""
        managers = [
            m for m in self.keepers(Role.BRANCH_MANAGER) if person.branch.path.startswith(m.branch.path)
        ]
        return max(managers, key=lambda manager: len(manager.branch.path))

    def moment(self, day: date, *, after: datetime | None = None) -> datetime:
        """This function will pick a moment of office hours on a day, after another moment where one is given."""
        first = at_time(day, time(9, 5))
        if after is not None and after > first:
            first = after + timedelta(minutes=5)
        last = max(at_time(day, time(17, 30)), first + timedelta(minutes=1))
        seconds = int((last - first).total_seconds())
        return (first + timedelta(seconds=self.dice.randrange(seconds))).replace(microsecond=0)
