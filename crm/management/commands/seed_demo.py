"""The command door of the demo: `manage.py seed_demo --customers N`, only with DEMO=1."""

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from crm import registry
from crm.refusal import Refusal
from crm.services import demo

DEFAULT = 2_000


class Command(BaseCommand):
    """Fills an empty database with a living branch tree, and prints who may log in."""

    help = "生成演示数据（仅 DEMO=1）：机构、员工、客户、层级、工单和各种状态的承诺。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """This function will name the arguments."""
        parser.add_argument("--customers", type=int, default=DEFAULT, help="客户数，默认 2000")

    def handle(self, **options: Any) -> None:
        """This function will seed the demo once; a second run says that it is there."""
        autodiscover_modules("demo")
        # the demo plays failures of past days through the real delivery; nobody need be warned of them now
        logger = logging.getLogger("crm")
        level = logger.level
        logger.setLevel(logging.ERROR)
        try:
            new = demo.seed(parts=registry.demo_parts(), customers=options["customers"], now=localtime())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        finally:
            logger.setLevel(level)
        self.stdout.write(_("演示数据已生成。") if new else _("演示数据早已在库中，没有重复生成。"))
        self.stdout.write(_("登录（所有账号的密码都是 %(password)s）：") % {"password": demo.PASSWORD})
        for person in demo.logins():
            where = f"{person.name} · {person.get_role_display()} · {person.branch.name}"
            self.stdout.write(f"  {person.username:<6} {where}")
