"""What the lists of tickets and of promises can be asked for, and the rows that a query string of theirs means."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.forms.filters import Filter
from crm.forms.widgets import Select, TextBox
from crm.models import User
from servicing.models import Commitment, Ticket
from servicing.models.ticket import TicketKind, TicketState
from servicing.selectors import promises, tickets
from servicing.selectors.rows import GROUP_WORDS
from servicing.selectors.tickets import OPEN, Wanted

BLANK = [("", _("全部"))]
MINE = "mine"
SCOPES = [("", _("本机构")), (MINE, _("我经办的"))]


class TicketFilter(Filter):
    """The search box and the selects. Without a state the unfinished tickets are asked for."""

    standing = {"state": OPEN}

    q = forms.CharField(
        label=_("关键词"),
        required=False,
        max_length=60,
        widget=TextBox(type="search", placeholder=_("工单号、主题、客户名称")),
    )
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[*BLANK, *TicketKind.choices], widget=Select()
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[(OPEN, _("未办结")), *TicketState.choices, ("all", _("全部"))],
        widget=Select(),
    )
    scope = forms.ChoiceField(label=_("范围"), required=False, choices=SCOPES, widget=Select())

    def __init__(self, data: Any) -> None:
        """This function will read the address's query."""
        super().__init__(data)
        self.is_valid()

    def wanted(self) -> Wanted:
        """This function will say what is asked; a value that is none of ours asks for nothing."""
        asked = self.cleaned_data
        state = asked.get("state") or OPEN
        return Wanted(
            text=asked.get("q") or "",
            kind=asked.get("kind") or "",
            state="" if state == "all" else state,
            mine=asked.get("scope") == MINE,
        )


class PromiseFilter(Filter):
    """The search box and the selects of the promise list. Without a state the running promises are asked for."""

    standing = {"state": promises.RUNNING}

    q = forms.CharField(
        label=_("关键词"),
        required=False,
        max_length=60,
        widget=TextBox(type="search", placeholder=_("承诺、条款、工单号、客户名称")),
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            (promises.RUNNING, _("未办结")),
            *GROUP_WORDS.items(),
            (promises.KEPT, _("守约办结")),
            (promises.BROKEN, _("超时办结")),
            (promises.CANCELLED, _("已取消")),
            (promises.ALL, _("全部")),
        ],
        widget=Select(),
    )
    authority = forms.ChoiceField(
        label=_("性质"),
        required=False,
        choices=[*BLANK, ("company", _("公司承诺")), ("statutory", _("法定上限"))],
        widget=Select(),
    )
    scope = forms.ChoiceField(
        label=_("范围"), required=False, choices=[("", _("本机构")), (MINE, _("我负责的"))], widget=Select()
    )

    def __init__(self, data: Any) -> None:
        """This function will read the address's query."""
        super().__init__(data)
        self.is_valid()

    def wanted(self) -> promises.Wanted:
        """This function will say what is asked; a value that is none of ours asks for nothing."""
        asked = self.cleaned_data
        return promises.Wanted(
            text=asked.get("q") or "",
            state=asked.get("state") or promises.RUNNING,
            authority=asked.get("authority") or "",
            mine=asked.get("scope") == MINE,
        )


def tickets_asked(user: User, query: str, now: datetime) -> QuerySet[Ticket]:
    """This function will list the tickets that a query string of the ticket list asks for, in its order."""
    return tickets.listing(user, TicketFilter(QueryDict(query)).wanted())


def promises_asked(user: User, query: str, now: datetime) -> QuerySet[Commitment]:
    """This function will list the promises that a query string of the promise list asks for, in its order."""
    rows = promises.listing(user, PromiseFilter(QueryDict(query)).wanted(), now=now)
    return rows.select_related("ticket", "ticket_ceiling")
