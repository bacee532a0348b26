"""What the ticket list can be asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from servicing.forms.fields import Select, Text
from servicing.models.ticket import TicketKind, TicketState
from servicing.selectors.tickets import OPEN, Wanted

BLANK = [("", _("全部"))]
MINE = "mine"


class TicketFilter(forms.Form):
    """The search box and the selects. Without a state the unfinished tickets are asked for."""

    q = forms.CharField(
        label=_("关键词"),
        required=False,
        max_length=60,
        widget=Text(type="search", placeholder=_("工单号、主题、客户名称")),
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
    scope = forms.ChoiceField(
        label=_("范围"), required=False, choices=[("", _("本机构")), (MINE, _("我经办的"))], widget=Select()
    )

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

    def applied(self) -> list[tuple[str, str]]:
        """This function will list the filters that are set: field and words."""
        asked = self.cleaned_data
        set_ones = [(name, str(asked[name])) for name in self.fields if asked.get(name)]
        return [
            (name, f"{self.fields[name].label}：{self._word(name, value)}")
            for name, value in set_ones
            if (name, value) != ("state", OPEN)
        ]

    def _word(self, name: str, value: str) -> str:
        choices: Any = getattr(self.fields[name], "choices", ())
        return str(dict(choices).get(value, value))
