"""Pickers that say who somebody is, which paper and which policy; the controls they wear are crm's."""

from typing import TYPE_CHECKING

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
