"""The file provider: one whole line per accept, and an answer to "what became of this serial"."""

import json
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm.providers.base import Accepted, NeverLeft, Outgoing, Refused
from crm.providers.file import FileProvider


@pytest.fixture
def provider(tmp_path: Path) -> FileProvider:
    return FileProvider(tmp_path / "sent")


def outgoing(serial: str = "a1", to: str = "13912345678") -> Outgoing:
    return Outgoing(serial, "birthday_greeting", "sms", to, "生日快乐\n祝好")


class TestAnAcceptedMessage:
    def test_is_one_line_with_a_masked_address(self, provider: FileProvider, now: datetime) -> None:
        provider.submit(outgoing(), now=now)
        (file,) = provider.folder.iterdir()
        (line,) = file.read_text(encoding="utf-8").splitlines()
        assert file.name == "2026-03-10.jsonl"
        assert (json.loads(line)["serial"], json.loads(line)["to"]) == ("a1", "139****5678")
        assert "13912345678" not in line

    def test_can_be_asked_about_days_later(self, provider: FileProvider, now: datetime) -> None:
        accepted = provider.submit(outgoing(), now=now)
        provider.submit(outgoing("b2"), now=now + timedelta(days=3))
        assert provider.query("a1", now=now) == accepted
        assert isinstance(accepted, Accepted)

    def test_is_readable_by_the_owner_only(self, provider: FileProvider, now: datetime) -> None:
        provider.submit(outgoing(), now=now)
        (file,) = provider.folder.iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


class TestASerialNeverSeen:
    def test_is_answered_with_none(self, provider: FileProvider, now: datetime) -> None:
        assert provider.query("a1", now=now) is None

    def test_is_not_mistaken_for_a_longer_one(self, provider: FileProvider, now: datetime) -> None:
        provider.submit(outgoing("a12"), now=now)
        assert provider.query("a1", now=now) is None


class TestALineTornByAPowerFailure:
    def test_accepts_nothing_and_spoils_no_later_line(self, provider: FileProvider, now: datetime) -> None:
        provider.submit(outgoing("a1"), now=now)
        (file,) = provider.folder.iterdir()
        whole = file.read_text(encoding="utf-8")
        file.write_text(whole + whole.replace("a1", "b2")[:60], encoding="utf-8")
        assert provider.query("b2", now=now) is None

        later = provider.submit(outgoing("c3"), now=now)

        assert provider.query("c3", now=now) == later
        assert provider.query("b2", now=now) is None


class TestAMessageWithoutAddress:
    def test_is_refused(self, provider: FileProvider, now: datetime) -> None:
        assert provider.submit(outgoing(to=""), now=now) == Refused("没有接收地址")


class TestAFullDisk:
    def test_leaves_no_part_of_a_line_and_says_that_nothing_left(
        self, provider: FileProvider, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The system writes what there is room for, which is a part of the line."""
        provider.submit(outgoing("a1"), now=now)
        write = os.write
        monkeypatch.setattr(os, "write", lambda target, data: write(target, data[:20]))
        with pytest.raises(NeverLeft, match="磁盘"):
            provider.submit(outgoing("b2"), now=now)
        monkeypatch.undo()
        provider.submit(outgoing("c3"), now=now)
        (file,) = provider.folder.iterdir()
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        assert [line["serial"] for line in lines] == ["a1", "c3"]
        assert provider.query("b2", now=now) is None
