"""What the promise floor puts on the shelves: its menu entries, its tabs of the customer page, its words for acts."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.bulk_acts import BulkAct, add_bulk_act
from crm.lists import ListKind, add_list
from crm.registry import (
    Backlog,
    CustomerPanel,
    MenuEntry,
    Work,
    add_backlog,
    add_calendar_preview,
    add_log_words,
    add_menu,
    add_message_words,
    add_panel,
    add_work,
)
from crm.shortcuts import add_anywhere
from crm.timeline import TimelineSource, add_source, each
from servicing import access
from servicing.forms import bulk as forms
from servicing.forms import filters
from servicing.selectors import commitments, held_work, promises, settlement, timeline
from servicing.services import bulk

add_menu(MenuEntry("workbench", _("工作台"), "servicing:workbench", "home", 10, "workbench", go="h"))
add_menu(MenuEntry("tickets", _("工单"), "servicing:ticket-list", "ticket", 20, "ticket_view", go="t"))
add_menu(
    MenuEntry(
        "deadlines",
        _("时效试算"),
        "servicing:deadline-trial",
        "calculator",
        50,
        "deadline_trial",
        group="dates",
    )
)
add_menu(
    MenuEntry("standards", _("标准"), "servicing:standard-list", "book", 52, "standard_view", group="dates")
)

add_menu(MenuEntry("promises", _("承诺"), "servicing:promise-list", "flag", 25, "workbench", go="p"))
add_menu(MenuEntry("todo", _("我的事项"), "servicing:todo-list", "list-check", 40, "workbench", go="m"))

add_anywhere("c", _("来电登记"), "servicing:ticket-open", "ticket_open")

add_list(
    ListKind(
        "tickets",
        _("工单"),
        "servicing:ticket-list",
        "ticket_view",
        _("张"),
        rows=filters.tickets_asked,
        visible=access.visible_tickets,
        link=lambda row: reverse("servicing:ticket-detail", args=[row.number]),
        title_of=lambda row: f"{row.number} {row.subject}",
    )
)
add_list(
    ListKind(
        "promises",
        _("承诺"),
        "servicing:promise-list",
        "workbench",
        _("项"),
        rows=filters.promises_asked,
        visible=promises.visible,
        link=promises.link,
        title_of=lambda row: str(row.title),
    )
)

add_bulk_act(
    BulkAct(
        "tickets.transfer",
        "tickets",
        _("转派"),
        "transfer",
        "ticket_transfer",
        form=lambda user, data: forms.BulkTransfer(data, user=user),
        run=bulk.transfer_ticket,
    )
)
add_bulk_act(
    BulkAct(
        "tickets.urge",
        "tickets",
        _("催办"),
        "bell",
        "promise_urge",
        form=lambda user, data: forms.BulkUrge(data),
        run=bulk.urge_ticket,
    )
)
add_bulk_act(
    BulkAct(
        "tickets.close",
        "tickets",
        _("办结"),
        "circle-check",
        "ticket_work",
        form=lambda user, data: forms.BulkClose(data),
        run=bulk.close_ticket,
    )
)
add_bulk_act(
    BulkAct(
        "promises.urge",
        "promises",
        _("催办"),
        "bell",
        "promise_urge",
        form=lambda user, data: forms.BulkUrge(data),
        run=bulk.urge_promise,
    )
)
add_bulk_act(
    BulkAct(
        "promises.transfer",
        "promises",
        _("转派"),
        "transfer",
        "ticket_transfer",
        form=lambda user, data: forms.BulkTransfer(data, user=user),
        run=bulk.transfer_promise,
    )
)

add_calendar_preview(settlement.impact)
add_backlog(Backlog("promises", _("待查看的承诺"), commitments.oldest_unseen))

add_work(Work("promises", _("进行中承诺"), 20, held_work.promises, held_work.promises_of))
add_work(Work("tickets", _("未办结工单"), 30, held_work.tickets, held_work.tickets_of))
add_work(Work("standard_drafts", _("待确认的标准修改"), 60, held_work.drafts))

add_panel(CustomerPanel("promises", _("服务承诺"), "servicing:customer-promises", 5, "customer_view"))
add_panel(CustomerPanel("tickets", _("工单"), "servicing:customer-tickets", 30, "ticket_view"))

add_source(
    TimelineSource(
        key="ticket",
        title=_("工单"),
        icon="ticket",
        order=20,
        right="ticket_view",
        moment="received_at",
        rows=timeline.tickets_of,
        items=each(timeline.ticket_item),
        covers=("servicing.ticket.",),
    )
)
add_source(
    TimelineSource(
        key="promise",
        title=_("承诺"),
        icon="shield-check",
        order=30,
        right="customer_view",
        moment="at",
        rows=timeline.promise_events_of,
        items=each(timeline.promise_item),
    )
)

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

add_message_words({"birthday_greeting": _("生日祝福"), "handover_notice": _("更换客户经理告知")})
