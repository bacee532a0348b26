"""What a password may not be beside Django's own rules: the house's own words, or longer than anybody types."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 128
HOUSE_WORDS = ("jiannuo", "践诺", "password", "mima")
# What is left of a password without the words that everybody here knows must still be a secret.
LEAST_OWN = 8


class NotOfThisHouse:
    """Refuses passwords made of the staff number, the name, the branch, or the product's name, and overlong ones."""

    def validate(self, password: str, user: Any = None) -> None:
        """This function will raise ValidationError with the sentence for the person."""
        if len(password) > LONGEST:
            raise ValidationError(_("密码太长，最多 %(most)s 个字符。") % {"most": LONGEST})
        rest = password.lower()
        for word in (*HOUSE_WORDS, *_words_of(user)):
            rest = rest.replace(word.lower(), "") if word else rest
        if len(rest) < LEAST_OWN:
            raise ValidationError(
                _("密码不能由工号、姓名、机构名或产品名加几个字符组成，请换一个别人猜不到的。")
            )

    def get_help_text(self) -> str:
        """This function will say the rule before it is broken."""
        return _("不要用工号、姓名、机构名或产品名凑成密码；最长 %(most)s 个字符。") % {"most": LONGEST}


def _words_of(user: Any) -> tuple[str, ...]:
    if user is None:
        return ()
    branch = getattr(user, "branch", None)
    return (user.username, user.name, *((branch.name, branch.code) if branch else ()))
