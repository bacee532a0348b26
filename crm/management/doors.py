"""What the doors of several commands share: who acts, and reading a text file. Bad input is one Chinese sentence."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.db import OperationalError, ProgrammingError

from crm.models import User
from crm.refusal import Refusal


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
