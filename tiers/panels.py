"""What the rank floor puts on the shelves: the words of its levels, and its part of the customer page."""

from django.utils.translation import gettext_lazy as _

from crm.registry import CustomerPanel, MenuEntry, add_log_words, add_menu, add_panel, add_tier_words
from tiers.models import Level

# the highest first, as people look for them
add_tier_words({level.value: level.label for level in (Level.GOLD, Level.SILVER, Level.ORDINARY)})
add_panel(CustomerPanel("tier", _("层级"), "tiers:customer-tier", 10, "customer_view", place="head"))
add_panel(CustomerPanel("tiers", _("层级"), "tiers:customer-tiers", 60, "customer_view"))
add_menu(MenuEntry("ratings", _("评定"), "tiers:rating-list", "star", 45, "rating_run", go="l"))
add_log_words(
    {
        "tiers.assignment.given": _("评定层级"),
        "tiers.star.moved": _("星级变动"),
        "tiers.rating.requested": _("发起评定"),
        "tiers.rating.discarded": _("作废评定"),
        "tiers.rating.submitted": _("提交评定名单"),
        "tiers.rating.confirmed": _("批准评定名单"),
        "tiers.rating.returned": _("退回评定名单"),
        "tiers.rating.withdrawn": _("撤回评定名单"),
        "tiers.rating.exported": _("导出评定报告"),
        "tiers.rating.published": _("按评定名单调整层级"),
    }
)
add_menu(MenuEntry("stars", _("星级"), "tiers:star-list", "star", 71, "customer_view", group="book"))
