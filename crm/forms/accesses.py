"""Shape of a release: why somebody must look at clear data so often."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import TextBox


class Release(Form):
    """The manager's reason."""

    reason = forms.CharField(
        label=_("放行理由"),
        max_length=200,
        widget=TextBox(placeholder=_("如：年度回访，逐户致电")),
        error_messages={"required": _("请写明放行的理由，例如“年度回访，逐户致电”。")},
    )
