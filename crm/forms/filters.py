"""The form above every list: what is set, in words, and as the query string of an address that can be kept."""

from typing import Any

from django import forms
from django.http import QueryDict

from crm.forms.base import Form


class Filter(Form):
    """Reads a list's query; a value that is none of the offered ones asks for nothing.

    `standing` names what holds without being asked for, so that it is no applied filter: `{"state": "open"}`.
    """

    standing: dict[str, str] = {}

    def kept(self, without: str = "") -> str:
        """This function will write the filled filters as a query string, leaving one out."""
        kept = QueryDict(mutable=True)
        for name in self.fields:
            value = self.data.get(name, "")
            if value and name != without:
                kept[name] = str(value)
        return kept.urlencode()

    def applied(self) -> list[tuple[str, str]]:
        """This function will list the filters that are set: field and words."""
        self.is_valid()
        return [
            (name, f"{field.label}：{_word(field, self.cleaned_data[name])}")
            for name, field in self.fields.items()
            if self.cleaned_data.get(name) and self.standing.get(name) != self.cleaned_data[name]
        ]


def _word(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ModelChoiceField):
        return str(field.label_from_instance(value)).strip()
    choices: Any = getattr(field, "choices", ())
    return str(dict(choices).get(value, value))
