"""One-time tokens of forms, so that a double submit has one effect."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.staff import User


class FormToken(models.Model):
    """One row is one submitted form; the second submit of its token is sent to the first one's result."""

    token = models.CharField(max_length=36)
    user = models.ForeignKey(User, models.CASCADE)
    result = models.CharField(max_length=200)
    used_at = models.DateTimeField()

    class Meta:
        """Names the table for people."""

        verbose_name = _("表单令牌")
        constraints = [models.UniqueConstraint(fields=["user", "token"], name="a_form_is_taken_once")]

    def __str__(self) -> str:
        return self.token
