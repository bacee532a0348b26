"""What is asked once for many rows: to whom, why, with which result."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import Select, TextArea, TextBox
from crm.models import User
from crm.rights import table
from servicing.forms.fields import PersonChoice
from servicing.forms.urging import Urging
from servicing.selectors.desk import colleagues_of


class BulkTransfer(Form):
    """Who takes the rows over, and why."""

    owner = PersonChoice(
        label=_("转派给"), queryset=User.objects.none(), empty_label=_("请选择"), widget=Select()
    )
    reason = forms.CharField(
        label=_("转派原因"), max_length=200, widget=TextBox(placeholder=_("例如：休假交接"))
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        """This function will offer those of the person's branch, and the managers above it, who may work on tickets."""
        super().__init__(data)
        people = colleagues_of(user.branch).filter(role__in=table()["ticket_work"]["roles"])
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class BulkClose(Form):
    """One result for all of them."""

    summary = forms.CharField(
        label=_("办理结果"),
        max_length=500,
        widget=TextArea(rows=3),
        help_text=_("写进每一张工单。没有答复客户、资料没有齐备的工单不会办结。"),
    )


class BulkUrge(Urging):
    """One reason for all of them."""
