"""What the ground floor puts on the shelves: its menu entries and the words for its acts."""

from django.utils.translation import gettext_lazy as _

from crm.registry import MenuEntry, add_log_words, add_menu

add_menu(MenuEntry("customers", _("客户"), "crm:customer-list", "users", 30, "customer_view"))
add_menu(MenuEntry("import", _("导入"), "crm:import-book", "upload", 70, "import_book"))
add_menu(MenuEntry("messages", _("发送记录"), "crm:message-list", "send", 60, "messages_view"))
add_menu(MenuEntry("jobs", _("作业"), "crm:job-list", "refresh", 80, "jobs_view"))
add_menu(MenuEntry("calendar", _("日历"), "crm:calendar", "calendar-event", 55, "calendar_view"))

add_log_words(
    {
        "crm.sending.held": _("暂停对客户的发送"),
        "crm.sending.resumed": _("恢复对客户的发送"),
        "crm.login.succeeded": _("登录"),
        "crm.login.failed": _("登录失败"),
        "crm.branch.opened": _("开设机构"),
        "crm.staff.added": _("新增员工"),
        "crm.customer.recorded": _("登记客户"),
        "crm.customer.changed": _("修改客户"),
        "crm.customer.searched": _("按号码查找"),
        "crm.contact.recorded": _("登记服务对象"),
        "crm.contact.changed": _("修改服务对象"),
        "crm.contact.opted_out": _("退订关怀信息"),
        "crm.contact.revealed": _("查看明文"),
        "crm.policy.recorded": _("登记保单"),
        "crm.policy.changed": _("修改保单"),
        "crm.calendar.imported": _("导入放假通知"),
        "crm.calendar_draft.submitted": _("提交放假通知"),
        "crm.calendar_draft.confirmed": _("确认放假通知"),
        "crm.calendar_draft.returned": _("退回放假通知"),
        "crm.calendar_draft.withdrawn": _("撤回放假通知"),
        "crm.book.imported": _("导入一批客户"),
        "crm.rule.set": _("修改规则设置"),
    }
)
