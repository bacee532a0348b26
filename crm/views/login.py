"""The door of the house."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.utils.timezone import now as read_clock

from crm.forms.login import LoginForm
from crm.services import logins

TOO_MANY = 429


class Login(LoginView):
    """Lets people in by staff number and password, and closes for a while after too many wrong tries."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_form_kwargs(self) -> dict[str, Any]:
        """This function will hand the form the moment of the try."""
        return {**super().get_form_kwargs(), "now": read_clock()}

    def form_valid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        """This function will write down who came in."""
        logins.note_success(user=form.get_user(), now=form.now)
        return super().form_valid(form)

    def form_invalid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        """This function will write down that somebody failed; a refused try is not counted again."""
        answer = super().form_invalid(form)
        if form.locked:
            answer.status_code = TOO_MANY
        else:
            logins.note_failure(username=form.cleaned_data.get("username", ""), now=form.now)
        return answer
