"""What the doors of several commands share: who acts, and reading a text file. Bad input is one Chinese sentence."""

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from crm.models import User
from crm.refusal import Refusal

_MISTYPED = (
    (re.compile(r"unrecognized arguments: (.+)"), "不认识的参数：{}。"),
    (re.compile(r"argument (\S+): expected"), "{} 后面没有内容，请补上。"),
    (re.compile(r"arguments are required: (.+)"), "请写明：{}。"),
)


class PlainCommand(BaseCommand):
    """A command that is typed wrongly says so in one Chinese sentence too, with exit status 1."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """This function will make the parser, with our own way to refuse."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)

        def error(message: str) -> NoReturn:
            sentence = mistyped(message)
            if parser.called_from_command_line:
                parser.exit(1, f"{sentence}\n")
            raise CommandError(sentence)

        parser.error = error  # type: ignore[method-assign]
        return parser


def mistyped(message: str) -> str:
    """This function will say in Chinese what is wrong with a command line, from the parser's own words."""
    for pattern, sentence in _MISTYPED:
        found = pattern.search(message)
        if found:
            return sentence.format(found[1])
    return "命令的写法不对，请用 --help 查看。"


@contextmanager
def plain_refusals() -> Iterator[None]:
    """This function will turn a refusal, or a database that is not there yet, into one sentence and exit status 1."""
    try:
        yield
    except Refusal as refusal:
        raise CommandError(refusal.message) from None
    except (OperationalError, ProgrammingError) as error:
        raise CommandError(f"数据库尚未就绪，请先运行 manage.py migrate（{error}）。") from None


def add_by(parser: ArgumentParser) -> None:
    """This function will add the option that names the acting person."""
    parser.add_argument("--by", metavar="工号", help="操作人工号，记入操作记录；不填则记为系统")


def person(number: str | None) -> User | None:
    """This function will find the acting person by staff number, None where no number was given."""
    if not number:
        return None
    found = User.objects.filter(username=number, is_active=True).first()
    if found is None:
        raise CommandError(f"没有工号为“{number}”的在用员工，请核对 --by。")
    return found


def text_of(path: str) -> str:
    """This function will read a UTF-8 text file, with or without a byte-order mark."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"文件“{path}”不是 UTF-8 编码，请另存为 UTF-8 后再试。") from None
    except OSError as error:
        raise CommandError(f"无法读取文件“{path}”：{error.strerror}。") from None
