"""What the ground floor puts on the shelves: its menu entries and the words for its acts."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import access
from crm.bulk_acts import BulkDoor, add_bulk_act
from crm.forms import customers
from crm.lists import ListKind, add_list
from crm.registry import (
    CustomerPanel,
    MenuEntry,
    MenuGroup,
    Work,
    add_log_words,
    add_look_words,
    add_menu,
    add_menu_group,
    add_panel,
    add_work,
)
from crm.selectors import staff, timeline
from crm.timeline import TimelineSource, add_source, each

add_menu_group(MenuGroup("dates", _("时效与标准"), "clock"))
add_menu_group(MenuGroup("book", _("客户资料"), "briefcase"))
add_menu_group(MenuGroup("house", _("机构与安全"), "building"))
add_menu_group(MenuGroup("running", _("运行情况"), "history"))

add_menu(MenuEntry("customers", _("客户"), "crm:customer-list", "users", 30, "customer_view", go="k"))
add_menu(
    MenuEntry("calendar", _("日历"), "crm:calendar", "calendar-event", 55, "calendar_view", "c", "dates")
)
add_menu(MenuEntry("import", _("导入"), "crm:import-book", "upload", 70, "import_book", group="book"))
add_menu(
    MenuEntry("merges", _("疑似重复"), "crm:merge-list", "users-group", 72, "customer_merge", group="book")
)
add_menu(
    MenuEntry("handovers", _("交接记录"), "crm:handover-list", "transfer", 76, "customer_view", group="book")
)
add_menu(
    MenuEntry("people", _("机构与人员"), "crm:person-list", "user-circle", 75, "people_manage", group="house")
)
add_menu(MenuEntry("reveals", _("明文查看"), "crm:reveal-list", "eye", 78, "reveal_release", group="house"))
add_menu(MenuEntry("api-tokens", _("接口令牌"), "crm:api-token-list", "lock", 85, "api_token", group="house"))
add_menu(
    MenuEntry("messages", _("发送记录"), "crm:message-list", "send", 60, "messages_view", group="running")
)
add_menu(MenuEntry("jobs", _("作业"), "crm:job-list", "refresh", 80, "jobs_view", group="running"))
add_menu(MenuEntry("system", _("系统状态"), "crm:system", "shield-check", 82, "system_view", group="running"))
add_panel(CustomerPanel("timeline", _("往来"), "crm:customer-timeline", 7, "customer_view"))
add_panel(CustomerPanel("team", _("服务团队"), "crm:customer-team", 15, "customer_view"))
add_panel(CustomerPanel("accesses", _("访问记录"), "crm:customer-accesses", 95, "access_log_view"))

add_work(Work("customers", _("客户"), 10, staff.customers_kept))
add_work(Work("seats", _("团队席位"), 40, staff.seats_held))
add_work(Work("calendar_drafts", _("待确认的放假通知"), 50, staff.drafts_waiting))

add_source(
    TimelineSource(
        key="touchpoint",
        title=_("往来记录"),
        icon="notes",
        order=10,
        right="customer_view",
        moment="happened_at",
        rows=timeline.touchpoints_of,
        items=each(timeline.touchpoint_item),
        covers=("crm.touchpoint.recorded",),
    )
)
add_source(
    TimelineSource(
        key="message",
        title=_("消息"),
        icon="send",
        order=40,
        right="messages_view",
        moment="created_at",
        rows=timeline.messages_to,
        items=each(timeline.message_item),
    )
)
add_source(
    TimelineSource(
        key="change",
        title=_("变更"),
        icon="history",
        order=90,
        right="customer_view",
        moment="at",
        rows=timeline.changes_of,
        items=timeline.change_items,
    )
)

add_look_words(
    {
        "crm.customer.read": _("打开客户页"),
        "crm.customer.searched": _("按号码查找"),
        "crm.contact.revealed": _("查看明文"),
    }
)
add_list(
    ListKind(
        "customers",
        _("客户"),
        "crm:customer-list",
        "customer_view",
        _("位"),
        rows=customers.asked,
        visible=access.visible_customers,
        link=lambda row: reverse("crm:customer-detail", args=[row.pk]),
        title_of=lambda row: f"{row.number} {row.shown_name}",
        may_keep=customers.may_keep,
    )
)
add_bulk_act(
    BulkDoor(
        "customers.transfer",
        "customers",
        _("批量转移"),
        "transfer",
        "customer_transfer",
        "crm:customers-transfer",
    )
)

add_log_words(
    {
        "crm.view.saved": _("保存视图"),
        "crm.view.changed": _("修改视图"),
        "crm.view.deleted": _("删除视图"),
        "crm.bulk.begun": _("开始批量办理"),
        "crm.bulk.row_done": _("批量办理一条"),
        "crm.sending.held": _("暂停对客户的发送"),
        "crm.sending.resumed": _("恢复对客户的发送"),
        "crm.login.succeeded": _("登录"),
        "crm.login.failed": _("登录失败"),
        "crm.password.changed": _("修改密码"),
        "crm.session.ended": _("结束登录"),
        "crm.second_factor.confirmed": _("启用二次验证"),
        "crm.second_factor.failed": _("二次验证失败"),
        "crm.second_factor.reset": _("重置二次验证"),
        "crm.recovery_codes.renewed": _("更换恢复码"),
        "crm.recovery_code.used": _("使用恢复码"),
        "crm.branch.opened": _("开设机构"),
        "crm.branch.renamed": _("修改机构"),
        "crm.handover.ordered": _("登记交接"),
        "crm.customer.handed_over": _("更换客户经理"),
        "crm.team.changed": _("调整服务团队"),
        "crm.stand_in.begun": _("登记代班"),
        "crm.stand_in.ended": _("提前结束代班"),
        "crm.staff.added": _("新增员工"),
        "crm.staff.changed": _("修改员工"),
        "crm.staff.password_set": _("设置新密码"),
        "crm.staff.switched_off": _("停用员工"),
        "crm.staff.switched_on": _("启用员工"),
        "crm.customer.recorded": _("登记客户"),
        "crm.customer.changed": _("修改客户"),
        "crm.contact.recorded": _("登记服务对象"),
        "crm.contact.changed": _("修改服务对象"),
        "crm.contact.opted_out": _("退订关怀信息"),
        "crm.consent.given": _("同意接收关怀信息"),
        "crm.consent.withdrawn": _("撤回关怀同意"),
        "crm.customer.merged": _("合并客户"),
        "crm.customer.unmerged": _("撤销合并"),
        "crm.touchpoint.recorded": _("记往来"),
        "crm.touchpoint.corrected": _("更正往来记录"),
        "crm.reveal.released": _("放行明文查看"),
        "crm.policy.recorded": _("登记保单"),
        "crm.policy.changed": _("修改保单"),
        "crm.premium.booked": _("登记实收保费"),
        "crm.premium.corrected": _("更正实收保费"),
        "crm.calendar.imported": _("导入放假通知"),
        "crm.calendar_draft.submitted": _("提交放假通知"),
        "crm.calendar_draft.confirmed": _("确认放假通知"),
        "crm.calendar_draft.returned": _("退回放假通知"),
        "crm.calendar_draft.withdrawn": _("撤回放假通知"),
        "crm.branch_closure.submitted": _("提交停业安排"),
        "crm.branch_closure.confirmed": _("确认停业安排"),
        "crm.branch_closure.returned": _("退回停业安排"),
        "crm.branch_closure.withdrawn": _("撤回停业安排"),
        "crm.long_job.requested": _("发起后台任务"),
        "crm.long_job.cancelled": _("取消后台任务"),
        "crm.long_job.resumed": _("继续后台任务"),
        "crm.api_token.issued": _("签发接口令牌"),
        "crm.api_token.revoked": _("吊销接口令牌"),
        "crm.book.imported": _("导入一批客户"),
        "crm.book.sent_in": _("接口写入一批"),
        "crm.book.undone": _("撤销一批导入"),
        "crm.book.row_undone": _("撤销导入的内容"),
        "crm.rule.set": _("修改规则设置"),
    }
)
