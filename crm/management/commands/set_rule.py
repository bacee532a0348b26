"""Sets one rule of the rule book for this installation, or lists them all."""

import json
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from crm import house_rules as book
from crm.management.doors import add_by, person, plain_refusals
from crm.selectors import house_rules as selectors
from crm.services import house_rules


class Command(BaseCommand):
    """The door of `crm.services.house_rules.set_rule`."""

    help = "设置一条规则（规则手册第 7 部分），须写明理由；--list 列出全部设置和现值。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will name the rule, its value and the reason."""
        parser.add_argument("key", nargs="?", metavar="设置项")
        parser.add_argument("value", nargs="?", metavar="值", help='如 true、10、"120.00"、["phone"]')
        parser.add_argument("--reason", default="", help="修改理由，必填")
        parser.add_argument("--list", action="store_true", help="列出全部设置和现值")
        add_by(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will set the rule and show its value before and after."""
        with plain_refusals():
            if options["list"]:
                self._list()
            else:
                self._set(options)

    def _list(self) -> None:
        rules, changed = selectors.current(), selectors.overrides()
        for key in book.SETTINGS:
            mark = "（本机构设置）" if key in changed else ""
            self.stdout.write(f"{key} = {_shown(getattr(rules, key))}  {book.label(key)}{mark}")

    def _set(self, options: dict[str, Any]) -> None:
        key, written = options["key"], options["value"]
        if key is None or written is None:
            raise CommandError(
                "请写明设置项和值，如：set_rule gold_main_quota 30 --reason 年度评定；--list 可列出全部。"
            )
        by, former = person(options["by"]), selectors.current()
        house_rules.set_rule(key=key, value=_value(written), reason=options["reason"], by=by, now=now())
        before, after = _shown(getattr(former, key)), _shown(getattr(selectors.current(), key))
        self.stdout.write(f"{book.label(key)}（{key}）：{before} → {after}")


def _value(written: str) -> Any:
    """A value as typed: JSON where it is JSON, exact where it has decimals, else the word itself."""
    try:
        return json.loads(written, parse_float=Decimal)
    except json.JSONDecodeError:
        return written


def _shown(value: Any) -> str:
    return json.dumps(book.as_json(value), ensure_ascii=False)
