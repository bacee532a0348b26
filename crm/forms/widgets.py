"""Controls in the house's dress, and choices that name rows the way people know them.

Select and text box write themselves: Django's own templates draw one fragment an option and one a set of attributes,
which costs more than all rows of a list.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from crm.models import Branch, User
from crm.shapes import escaped

MOST_SHOWN = 200

if TYPE_CHECKING:
    _OfBranch = forms.ModelChoiceField[Branch]
    _OfUser = forms.ModelChoiceField[User]
    _Choices = ModelChoiceIterator[User]
else:  # Django's own class takes no type arguments when it runs
    _OfBranch = _OfUser = forms.ModelChoiceField
    _Choices = ModelChoiceIterator


class Select(forms.Select):
    """A native select."""

    def __init__(self, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-select", **attrs})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """This function will write what Django's template of a select writes."""
        given = flatatt(self.build_attrs(self.attrs, attrs))
        options = _options(self.choices, set(self.format_value(value)))
        return format_html('<select name="{}"{}>{}\n</select>', name, given, mark_safe("".join(options)))


def _options(choices: Iterable[Any], chosen: set[str]) -> Iterator[str]:
    """This function will write options, the first of the chosen value as selected; a list of them is a group."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield f'\n  <optgroup label="{escaped(value)}">'
            yield from _options(label, chosen)
            yield "\n  </optgroup>"
            continue
        said = "" if value is None else str(value)
        is_chosen = " selected" if said in chosen else ""
        chosen.discard(said)
        yield f'\n  <option value="{escaped(said)}"{is_chosen}>{escaped(label)}</option>'


class TextBox(forms.TextInput):
    """A text box that browsers do not fill in from other pages."""

    def __init__(self, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-control", "autocomplete": "off", **attrs})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """This function will write what Django's template of an input writes."""
        shown = self.format_value(value)
        given = flatatt({} if shown is None else {"value": shown})
        rest = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<input type="{}" name="{}"{}{}>', self.input_type, name, given, rest)


class DateBox(forms.DateInput):
    """The browser's own date control."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows and the form that the control needs."""
        super().__init__(attrs={"class": "form-control", **attrs}, format="%Y-%m-%d")


class Moment(forms.DateTimeInput):
    """The browser's own picker of a local date and time, to the minute."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        """This function will write the value the way the browser's picker reads it."""
        super().__init__(attrs={"class": "form-control", **attrs}, format="%Y-%m-%dT%H:%M")


class TextArea(forms.Textarea):
    """A box of several lines."""

    def __init__(self, rows: int = 4, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-control", "rows": rows, **attrs})


class NumberBox(forms.NumberInput):
    """A box for a small whole number."""

    def __init__(self, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-control", **attrs})


class CheckBox(forms.CheckboxInput):
    """A check box."""

    def __init__(self, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-check-input", **attrs})


class BranchChoice(_OfBranch):
    """A branch, indented by its storey."""

    def label_from_instance(self, obj: Branch) -> str:
        """This function will indent a branch under the one it belongs to."""
        return obj.indent + obj.name


class _First(_Choices):
    """The first choices of a long list; what is not shown is still accepted."""

    def __iter__(self) -> Iterator[Any]:
        """This function will stop where nobody reads on: choosing a branch first narrows the list."""
        return islice(super().__iter__(), MOST_SHOWN)


class PersonChoice(_OfUser):
    """A member of staff, by name."""

    iterator = _First

    def label_from_instance(self, obj: User) -> str:
        """This function will show name and staff number."""
        return f"{obj.name}（{obj.username}）"
