"""Lists as people asked for them once and want to ask for again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.staff import User


class SavedView(models.Model):
    """One row is one named view of one list, e.g. 林晓's “银牌客户的投诉”: the query string of its address.

    Kept until its owner deletes it. A shared one is offered to the colleagues of the owner's own branch.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name=_("所有者"))
    list = models.CharField(_("列表"), max_length=20)
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(_("条件"), max_length=400)
    shared = models.BooleanField(_("与本机构共享"), default=False)
    is_default = models.BooleanField(_("打开列表时先用这个视图"), default=False)
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        """Names the table for people; a list opens with one view at most."""

        verbose_name = _("我的视图")
        constraints = [
            models.UniqueConstraint(fields=["owner", "list", "name"], name="a_person_s_views_have_names"),
            models.UniqueConstraint(
                fields=["owner", "list"], condition=Q(is_default=True), name="a_list_opens_with_one_view"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_view_has_a_name"),
            models.CheckConstraint(condition=~Q(query=""), name="a_view_asks_for_something"),
        ]
        indexes = [
            # the list asks for what its branch shares
            models.Index(fields=["list"], condition=Q(shared=True), name="view_shared"),
        ]

    def __str__(self) -> str:
        return self.name
