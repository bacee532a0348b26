"""How somebody told a customer of the new keeper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import Select, TextBox
from servicing.services.handovers import WAYS


class Telling(Form):
    """By which way, and what was said."""

    way = forms.ChoiceField(label=_("告知方式"), choices=list(WAYS.items()), widget=Select())
    note = forms.CharField(
        label=_("经过"), max_length=200, widget=TextBox(placeholder=_("例如：本人接听，已知悉"))
    )
