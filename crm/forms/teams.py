"""Shapes of a seat in a customer's team: who, as what, with which duty."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import PersonChoice, Select, TextBox
from crm.models import Customer, TeamSeat, User
from crm.models.customer import SeatKind
from crm.selectors import teams


class SeatEdit(Form):
    """What somebody is in a team, and does there."""

    kind = forms.ChoiceField(
        label=_("身份"),
        choices=SeatKind.choices,
        widget=Select(),
        help_text=_("客户副经理只有一位；四星以上的客户可以设领导小组"),
    )
    duty = forms.CharField(label=_("职责"), max_length=60, widget=TextBox(placeholder=_("如：办理保全变更")))


class NewSeat(SeatEdit):
    """A colleague who joins a team."""

    user = PersonChoice(
        label=_("员工"),
        queryset=User.objects.none(),
        empty_label=_("请选择"),
        widget=Select(),
        help_text=_("同一机构或上级机构的同事"),
    )
    field_order = ("user", "kind", "duty")

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        """This function will offer the colleagues who may be seated; a second submit may name one who was, by the first."""
        super().__init__(*args, **kwargs)
        offered = teams.colleagues(customer) if self.is_bound else teams.candidates(customer)
        self.fields["user"].queryset = offered  # type: ignore[attr-defined]


def edit_form(seat: TeamSeat, data: Any = None) -> SeatEdit:
    """This function will make the form of a seat as it stands."""
    return SeatEdit(data, initial={"kind": seat.kind, "duty": seat.duty})
