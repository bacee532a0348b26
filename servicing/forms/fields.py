"""Form controls in the house's dress, and pickers that say who somebody is."""

from typing import TYPE_CHECKING, Any

from django import forms

from crm.models import Contact, Policy, User
from servicing.models import MissingPaper

if TYPE_CHECKING:
    _OfUser = forms.ModelChoiceField[User]
    _OfContact = forms.ModelChoiceField[Contact]
    _OfPolicy = forms.ModelChoiceField[Policy]
    _OfPapers = forms.ModelMultipleChoiceField[MissingPaper]
else:  # the field takes no type when the program runs
    _OfUser = _OfContact = _OfPolicy = forms.ModelChoiceField
    _OfPapers = forms.ModelMultipleChoiceField


class Select(forms.Select):
    """A native select."""

    def __init__(self, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-select", **attrs})


class Text(forms.TextInput):
    """A text box; browsers do not offer what was typed for another customer."""

    def __init__(self, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-control", "autocomplete": "off", **attrs})


class Area(forms.Textarea):
    """A text area."""

    def __init__(self, rows: int = 4, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-control", "rows": rows, **attrs})


class Check(forms.CheckboxInput):
    """A check box."""

    def __init__(self, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-check-input", **attrs})


class Moment(forms.DateTimeInput):
    """The browser's own picker of a local date and time, to the minute."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        """This function will write the value the way the browser's picker reads it."""
        super().__init__(attrs={"class": "form-control", **attrs}, format="%Y-%m-%dT%H:%M")


class Day(forms.DateInput):
    """The browser's own picker of a date."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        """This function will write the value the way the browser's picker reads it."""
        super().__init__(attrs={"class": "form-control", **attrs}, format="%Y-%m-%d")


class PersonChoice(_OfUser):
    """A member of staff, by name, branch and staff number, since many share a name."""

    def label_from_instance(self, obj: User) -> str:
        """This function will show name, branch and staff number."""
        return f"{obj.name} · {obj.branch.name} · {obj.username}"


class ContactChoice(_OfContact):
    """A person served at the customer."""

    def label_from_instance(self, obj: Contact) -> str:
        """This function will show role, name and the masked phone."""
        return f"{obj.shown_name}（{obj.get_role_display()}）{obj.phone_masked}"


class PolicyChoice(_OfPolicy):
    """A policy of the customer."""

    def label_from_instance(self, obj: Policy) -> str:
        """This function will show number and product."""
        return f"{obj.number} {obj.product}"


class PaperChoice(_OfPapers):
    """Papers by name."""

    def label_from_instance(self, obj: MissingPaper) -> str:
        """This function will show the paper's name."""
        return obj.name
