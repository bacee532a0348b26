"""Controls in the house's dress, and choices that name rows the way people know them."""

from typing import TYPE_CHECKING, Any

from django import forms

from crm.models import Branch, User

if TYPE_CHECKING:
    _OfBranch = forms.ModelChoiceField[Branch]
    _OfUser = forms.ModelChoiceField[User]
else:  # Django's own class takes no type arguments when it runs
    _OfBranch = _OfUser = forms.ModelChoiceField


class Select(forms.Select):
    """A native select."""

    def __init__(self, **kwargs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-select"}, **kwargs)


class TextBox(forms.TextInput):
    """A text box that browsers do not fill in from other pages."""

    def __init__(self, **attrs: Any) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-control", "autocomplete": "off", **attrs})


class DateBox(forms.DateInput):
    """The browser's own date control."""

    input_type = "date"

    def __init__(self) -> None:
        """This function will set the class that the style sheet knows and the form that the control needs."""
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


class NumberBox(forms.NumberInput):
    """A box for a small whole number."""

    def __init__(self) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-control"})


class CheckBox(forms.CheckboxInput):
    """A check box."""

    def __init__(self) -> None:
        """This function will set the class that the style sheet knows."""
        super().__init__(attrs={"class": "form-check-input"})


class BranchChoice(_OfBranch):
    """A branch, indented by its storey."""

    def label_from_instance(self, obj: Branch) -> str:
        """This function will indent a branch under the one it belongs to."""
        return "　" * (obj.path.count("/") - 1) + obj.name


class PersonChoice(_OfUser):
    """A member of staff, by name."""

    def label_from_instance(self, obj: User) -> str:
        """This function will show name and staff number."""
        return f"{obj.name}（{obj.username}）"
