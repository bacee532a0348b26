"""What the deadline calculator is asked: which limit, from when, under which tier, with which pauses."""

from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import DateBox, Moment, Select
from crm.time.clocks import PauseSpan
from servicing.models.commitment import PauseReason
from servicing.selectors import trials
from tiers.models import Level

MOST_PAUSES = 6


class TrialForm(Form):
    """The limit and its start."""

    clock = forms.ChoiceField(label=_("事项或标准"), widget=Select())
    tier = forms.ChoiceField(
        label=_("客户层级"),
        choices=Level.choices,
        required=False,
        widget=Select(),
        help_text=_("按事项试算时，由层级决定时限"),
    )
    at = forms.DateTimeField(
        label=_("起算时刻"),
        widget=Moment(),
        error_messages={
            "required": _("请填写起算时刻。"),
            "invalid": _("看不懂这个时刻，请写成 2026-02-12 10:00。"),
        },
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        """This function will offer every limit that runs."""
        super().__init__(*args, **kwargs)
        self.fields["clock"].choices = trials.choices(now)  # type: ignore[attr-defined]


class PauseForm(Form):
    """One pause, both dates included; without an end it still lasts."""

    started = forms.DateField(label=_("暂停日"), required=False, widget=DateBox())
    ended = forms.DateField(label=_("恢复日"), required=False, widget=DateBox())
    reason = forms.ChoiceField(
        label=_("原因"), choices=[("", _("未注明")), *PauseReason.choices], required=False, widget=Select()
    )

    def clean(self) -> dict[str, Any]:
        """This function will refuse a pause that ends before it starts, or that never started."""
        asked = super().clean() or self.cleaned_data
        started, ended = asked.get("started"), asked.get("ended")
        if ended and not started and not self.errors:
            self.add_error("started", _("请填写暂停日。"))
        if isinstance(started, date) and isinstance(ended, date) and ended < started:
            self.add_error("ended", _("恢复日不能早于暂停日，请核对。"))
        return asked

    def span(self) -> PauseSpan | None:
        """This function will return the pause, None for an empty line."""
        asked = self.cleaned_data
        if not asked.get("started"):
            return None
        reason = str(PauseReason(asked["reason"]).label) if asked.get("reason") else ""
        return PauseSpan(asked["started"], asked.get("ended"), reason)


class PauseLines(BaseFormSet):  # type: ignore[type-arg]
    """The lines of pauses; only the last one may still last."""

    def clean(self) -> None:
        """This function will refuse pauses that overlap."""
        if any(self.errors):
            return
        spans = sorted(self.spans(), key=lambda one: one.started)
        for earlier, later in pairwise(spans):
            if earlier.ended is None or later.started <= earlier.ended:
                raise ValidationError(_("两段暂停不能重叠；仍在进行的暂停只能是最后一段。"))

    def spans(self) -> list[PauseSpan]:
        """This function will return the filled lines."""
        return [span for form in self.forms if (span := form.span())]


def pause_lines(asked: Any, count: int) -> Any:
    """This function will make the lines of pauses: as many as asked, at least one, never more than six."""
    lines = min(max(count, 1), MOST_PAUSES)
    made: Any = formset_factory(PauseForm, formset=PauseLines, extra=0, max_num=MOST_PAUSES)
    data = asked.copy() if asked else {}
    data["p-TOTAL_FORMS"], data["p-INITIAL_FORMS"] = str(lines), "0"
    return made(data, prefix="p")
