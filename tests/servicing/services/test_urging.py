"""An owner who is reminded: told once, written down, and left in peace for a while."""

from datetime import datetime, timedelta

import pytest

from crm.models import Customer, Message, User
from crm.services.house_rules import set_rule
from servicing.services import commitments
from servicing.services.commitments import ledger, urging
from tests.factories.servicing import promise, ticket, windowed

pytestmark = pytest.mark.django_db
WHY = "客户来电催问"


class TestAReminder:
    def test_tells_the_owner_and_leads_to_the_promise(
        self, silver: Customer, lin: User, agent: User, now: datetime
    ) -> None:
        made = promise(silver, triggered_at=now)

        commitments.urge(commitment=made, reason=WHY, by=agent, now=now)

        notice = Message.objects.get(kind="promise_urged")
        assert (notice.user, notice.link) == (lin, f"/promises/{made.pk}/")
        assert all(words in notice.body for words in ("秦岚", made.title, WHY))

    def test_is_written_beside_the_promise_with_who_and_why(
        self, silver: Customer, agent: User, now: datetime
    ) -> None:
        made = promise(silver, triggered_at=now)

        commitments.urge(commitment=made, reason=f"  {WHY} ", by=agent, now=now)

        event = made.events.get(kind="urged")
        assert (event.by, event.at, event.detail) == (agent, now, {"reason": WHY})

    @pytest.mark.parametrize("which", ["promise", "ceiling"])
    def test_stands_in_the_thread_of_its_ticket(
        self, silver: Customer, agent: User, now: datetime, which: str
    ) -> None:
        taken = ticket(silver, received_at=now)

        commitments.urge(commitment=getattr(taken, which), reason=WHY, by=agent, now=now)

        assert [e.body for e in taken.entries.filter(by=agent)] == [f"催办：{WHY}"]

    def test_of_somebody_who_has_left_reaches_whoever_stands_above(
        self, silver: Customer, lin: User, lead: User, agent: User, now: datetime
    ) -> None:
        made = promise(silver, triggered_at=now)
        User.objects.filter(pk=lin.pk).update(is_active=False)

        commitments.urge(commitment=made, reason=WHY, by=agent, now=now)

        assert Message.objects.get(kind="promise_urged").user == lead

    def test_of_a_paused_promise_says_that_it_rests(
        self, silver: Customer, lin: User, agent: User, now: datetime
    ) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=now)
        commitments.pause(commitment=made, reason="papers", by=lin, now=now)

        commitments.urge(commitment=made, reason=WHY, by=agent, now=now)

        assert "时限暂停中" in Message.objects.get(kind="promise_urged").body


class TestASecondReminder:
    def test_is_refused_too_early_and_says_from_when_on(
        self, silver: Customer, lead: User, agent: User, now: datetime
    ) -> None:
        made = promise(silver, triggered_at=now)
        commitments.urge(commitment=made, reason=WHY, by=agent, now=now)

        with pytest.raises(urging.UrgedAlready, match="2 小时内已经催办过，最早 2026-03-10 12:00:00"):
            commitments.urge(commitment=made, reason=WHY, by=lead, now=now + timedelta(minutes=119))

        assert made.events.filter(kind="urged").count() == 1
        assert Message.objects.filter(kind="promise_urged").count() == 1

    def test_is_sent_exactly_when_the_sentence_says(
        self, silver: Customer, agent: User, now: datetime
    ) -> None:
        made = promise(silver, triggered_at=now)
        commitments.urge(commitment=made, reason=WHY, by=agent, now=now)

        commitments.urge(commitment=made, reason=WHY, by=agent, now=now + timedelta(hours=2))

        assert made.events.filter(kind="urged").count() == 2

    def test_follows_the_pace_that_the_house_has_set(
        self, silver: Customer, agent: User, head_office: User, now: datetime
    ) -> None:
        set_rule(key="urge_every_hours", value=4, reason="少打扰", by=head_office, now=now)
        made = promise(silver, triggered_at=now)
        commitments.urge(commitment=made, reason=WHY, by=agent, now=now)

        with pytest.raises(urging.UrgedAlready, match="14:00:00"):
            commitments.urge(commitment=made, reason=WHY, by=agent, now=now + timedelta(hours=3))

    def test_by_somebody_who_read_the_row_before_the_first_changes_nothing(
        self, silver: Customer, agent: User, now: datetime
    ) -> None:
        made = promise(silver, triggered_at=now)
        read_before = ledger.held(made.pk)
        commitments.urge(commitment=made, reason=WHY, by=agent, now=now)

        with pytest.raises(ledger.ChangedMeanwhile):
            ledger.change(read_before)


class TestAReminderThatMakesNoSense:
    def test_to_oneself_is_refused(self, silver: Customer, lin: User, now: datetime) -> None:
        with pytest.raises(urging.OwnPromise, match="请直接办理"):
            commitments.urge(commitment=promise(silver, triggered_at=now), reason=WHY, by=lin, now=now)

    def test_without_a_reason_is_refused(self, silver: Customer, agent: User, now: datetime) -> None:
        with pytest.raises(urging.WhyUrge, match="请写明催办的原因"):
            commitments.urge(commitment=promise(silver, triggered_at=now), reason=" ", by=agent, now=now)

    def test_of_a_closed_promise_is_refused(
        self, silver: Customer, lin: User, agent: User, now: datetime
    ) -> None:
        made = promise(silver, triggered_at=now)
        commitments.fulfil(commitment=made, at=now, by=lin, proof=None, now=now)

        with pytest.raises(commitments.AlreadyClosed, match="已办结"):
            commitments.urge(commitment=made, reason=WHY, by=agent, now=now)

    def test_before_the_window_opens_is_refused(self, gold: Customer, agent: User, now: datetime) -> None:
        made = windowed(gold, starts_at=now + timedelta(days=1), now=now)

        with pytest.raises(urging.NotBegun, match="2026-03-11 10:00"):
            commitments.urge(commitment=made, reason=WHY, by=agent, now=now)
