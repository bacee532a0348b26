"""What the promise floor puts on the shelves: its menu entries, its tabs of the customer page, its words for acts."""

from django.utils.translation import gettext_lazy as _

from crm.registry import (
    CustomerPanel,
    MenuEntry,
    add_calendar_preview,
    add_log_words,
    add_menu,
    add_message_words,
    add_panel,
)
from servicing.selectors import settlement

add_menu(MenuEntry("workbench", _("工作台"), "servicing:workbench", "home", 10, "workbench"))
add_menu(MenuEntry("tickets", _("工单"), "servicing:ticket-list", "ticket", 20, "ticket_view"))
add_menu(
    MenuEntry("deadlines", _("时效试算"), "servicing:deadline-trial", "calculator", 50, "deadline_trial")
)
add_menu(MenuEntry("standards", _("标准"), "servicing:standard-list", "book", 52, "standard_view"))

add_calendar_preview(settlement.impact)

add_panel(CustomerPanel("promises", _("服务承诺"), "servicing:customer-promises", 5, "customer_view"))
add_panel(CustomerPanel("tickets", _("工单"), "servicing:customer-tickets", 30, "ticket_view"))

add_log_words(
    {
        "servicing.ticket.opened": _("受理工单"),
        "servicing.ticket.replied": _("答复客户"),
        "servicing.ticket.noted": _("写备注"),
        "servicing.ticket.papers_completed": _("登记资料齐备"),
        "servicing.ticket.paused": _("暂停时限"),
        "servicing.ticket.resumed": _("恢复时限"),
        "servicing.ticket.transferred": _("转派工单"),
        "servicing.ticket.closed": _("办结工单"),
        "servicing.ticket.withdrawn": _("撤回工单"),
        "servicing.standard.published": _("发布服务标准"),
        "servicing.standard_draft.submitted": _("提交服务标准的修改"),
        "servicing.standard_draft.confirmed": _("确认服务标准的修改"),
        "servicing.standard_draft.returned": _("退回服务标准的修改"),
        "servicing.standard_draft.withdrawn": _("撤回服务标准的修改"),
    }
)

add_message_words({"birthday_greeting": _("生日祝福")})
