"""Shape of what is asked about messages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import Select
from crm.models.message import MessageState


class MessageFilter(Form):
    """The state of the messages to list."""

    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *MessageState.choices], widget=Select()
    )
