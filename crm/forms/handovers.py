"""Shapes of a hand-over; nothing is written here."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import PersonChoice, Select, TextBox
from crm.models import User
from crm.models.handover import HandoverCause

Words = Any  # a string, or a lazy translation of one
TAKERS = ("taker1", "taker2", "taker3", "taker4")


class WhoHandsOver(Form):
    """Whose customers."""

    person = PersonChoice(
        label=_("谁的客户"), queryset=User.objects.none(), empty_label=_("请选择"), widget=Select()
    )

    def __init__(self, *args: Any, staff: QuerySet[User], **kwargs: Any) -> None:
        """This function will offer the people whose customers may be handed over."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = staff  # type: ignore[attr-defined]


def _taker(label: Words, *, empty: Words, help_text: Words = "") -> PersonChoice:
    return PersonChoice(
        label=label,
        queryset=User.objects.none(),
        required=False,
        empty_label=empty,
        help_text=help_text,
        widget=Select(),
    )


class HandoverForm(Form):
    """Who gets the customers, and why."""

    cause = forms.ChoiceField(label=_("缘由"), choices=HandoverCause.choices, widget=Select())
    reason = forms.CharField(label=_("说明"), max_length=200, widget=TextBox())
    taker1 = _taker(_("接手人"), empty=_("请选择"), help_text=_("选几位就平均分给几位"))
    taker2 = _taker(_("接手人 2"), empty=_("不选"))
    taker3 = _taker(_("接手人 3"), empty=_("不选"))
    taker4 = _taker(_("接手人 4"), empty=_("不选"))
    rest_taker = _taker(
        _("其余工作交给"), empty=_("不交接"), help_text=_("在别人客户那里的承诺、工单和团队席位")
    )

    def __init__(
        self,
        *args: Any,
        keepers: QuerySet[User],
        workers: QuerySet[User] | None,
        needs_taker: bool,
        **kwargs: Any,
    ) -> None:
        """This function will offer the takers, and somebody for the rest where a person hands over everything."""
        super().__init__(*args, **kwargs)
        self.fields["taker1"].required = needs_taker
        for name in TAKERS:
            self.fields[name].queryset = keepers  # type: ignore[attr-defined]
        if workers is None:
            del self.fields["rest_taker"]
        else:
            self.fields["rest_taker"].queryset = workers  # type: ignore[attr-defined]

    def takers(self) -> list[User]:
        """This function will list the takers, each once."""
        found = [self.cleaned_data.get(name) for name in TAKERS]
        return list({one.pk: one for one in found if one}.values())
