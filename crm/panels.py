"""What the ground floor puts on the shelves: its menu entries and the words for its acts."""

from django.utils.translation import gettext_lazy as _

from crm.registry import MenuEntry, add_log_words, add_menu

add_menu(MenuEntry("customers", _("客户"), "crm:customer-list", "users", 30, "customer_view"))
add_menu(MenuEntry("import", _("导入"), "crm:import-book", "upload", 70, "import_book"))

add_log_words(
    {
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
        "crm.book.imported": _("导入一批客户"),
        "crm.rule.set": _("修改规则设置"),
    }
)
