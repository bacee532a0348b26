"""Backups: whole or not there, sealed, consistent while people work, and brought back only where nothing is lost."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.timezone import now as read_clock

from crm.backup import archive, dumps, sealing, shelf
from crm.services import backups
from tests.factories import crm as make

SECRET = "a" * 64
SECRETS = dict.fromkeys(("SECRET_KEY", "PERSONAL_DATA_KEY", "BLIND_INDEX_KEY", "BACKUP_KEY"), SECRET)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """A folder for backups, with a key, room enough and a file that was sent."""
    settings.BACKUP_FOLDER, settings.BACKUP_KEY = tmp_path / "backups", SECRET
    settings.HEALTH_DISK_ALARM_MB = 1
    settings.MESSAGE_FOLDER = tmp_path / "sent"
    settings.MESSAGE_FOLDER.mkdir()
    (settings.MESSAGE_FOLDER / "sms.jsonl").write_text("{}\n", encoding="utf-8")
    return tmp_path / "backups"


@pytest.mark.django_db
class TestABackup:
    def test_is_whole_private_and_names_what_it_holds(self, folder: Path, tmp_path: Path) -> None:
        now = read_clock()
        made = backups.make(now=now)
        assert made.path.name == shelf.name_of(now)
        assert [path.name for path in folder.iterdir()] == [made.path.name]
        assert made.path.stat().st_mode & 0o077 == 0
        manifest = backups.opened(made.path, tmp_path / "opened")
        assert manifest == made.manifest
        assert list(manifest.files) == ["files/sent/sms.jsonl"]
        assert "servicing.0001_initial" in manifest.migrations
        assert manifest.rows["crm_calendarnotice"] > 0

    def test_keeps_the_newest_few(self, folder: Path, settings: Any) -> None:
        settings.BACKUP_KEEP = 2
        now = read_clock()
        made = [backups.make(now=now + timedelta(seconds=n)) for n in range(3)]
        assert shelf.files(folder) == [made[1].path, made[2].path]
        assert made[2].gone == [made[0].path]

    def test_without_a_key_is_refused(self, folder: Path, settings: Any) -> None:
        settings.BACKUP_KEY = ""
        with pytest.raises(backups.NoBackupKey, match="BACKUP_KEY"):
            backups.make(now=read_clock())

    def test_without_room_is_refused_and_leaves_nothing(self, folder: Path, settings: Any) -> None:
        settings.HEALTH_DISK_ALARM_MB = 10**9
        with pytest.raises(backups.DiskIsShort, match="请清理"):
            backups.make(now=read_clock())
        assert list(folder.iterdir()) == []

    def test_deletes_drafts_of_the_dead_only(self, folder: Path) -> None:
        folder.mkdir()
        dead, alive = folder / ".a.jnbackup.999999999.part", folder / f".b.jnbackup.{os.getpid()}.part"
        dead.touch(), alive.touch()
        backups.make(now=read_clock())
        assert (dead.exists(), alive.exists()) == (False, True)

    @pytest.mark.only_on("postgresql")
    def test_without_the_programs_of_postgresql_is_refused(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")
        with pytest.raises(dumps.NoDumpProgram, match="postgresql-client"):
            backups.make(now=read_clock())


class TestASealedFile:
    @pytest.fixture
    def sealed(self, tmp_path: Path) -> Path:
        path = tmp_path / "x.jnbackup"
        with path.open("wb") as file:
            sealer = sealing.Sealer(file, SECRET)
            sealer.write(os.urandom(3 * sealing.PIECE))
            sealer.finish()
        return path

    def read(self, path: Path, secret: str = SECRET) -> bytes:
        with path.open("rb") as file:
            return sealing.Opener(file, secret).read()

    @pytest.mark.parametrize("size", [0, 1, sealing.PIECE - 1, sealing.PIECE, sealing.PIECE + 1])
    def test_comes_back_as_it_was(self, size: int, tmp_path: Path) -> None:
        content, path = os.urandom(size), tmp_path / "y"
        with path.open("wb") as file:
            sealer = sealing.Sealer(file, SECRET)
            for start in range(0, size, 100_000):
                sealer.write(content[start : start + 100_000])
            sealer.finish()
        assert self.read(path) == content

    def test_with_another_key_is_refused(self, sealed: Path) -> None:
        with pytest.raises(sealing.WrongBackupKey, match="另一把密钥"):
            self.read(sealed, "b" * 64)

    @pytest.mark.parametrize("place", [30, sealing.PIECE, 2 * sealing.PIECE, -1])
    def test_with_a_flipped_bit_is_refused(self, place: int, sealed: Path) -> None:
        content = bytearray(sealed.read_bytes())
        content[place] ^= 1
        sealed.write_bytes(content)
        with pytest.raises(sealing.BackupIsDamaged, match="损坏或不完整"):
            self.read(sealed)

    @pytest.mark.parametrize("pieces", [0, 1, 2])
    @pytest.mark.parametrize("more", [0, 1, 1000])
    def test_cut_off_anywhere_is_refused(self, pieces: int, more: int, sealed: Path) -> None:
        head = len(sealing.MAGIC) + sealing.PREFIX + sealing.CHECK
        sealed.write_bytes(sealed.read_bytes()[: head + pieces * (sealing.PIECE + sealing.TAG) + more])
        with pytest.raises(sealing.BackupIsDamaged):
            self.read(sealed)

    def test_whose_pieces_changed_places_is_refused(self, sealed: Path) -> None:
        content, head = sealed.read_bytes(), len(sealing.MAGIC) + sealing.PREFIX + sealing.CHECK
        size = sealing.PIECE + sealing.TAG
        first, second = content[head : head + size], content[head + size : head + 2 * size]
        sealed.write_bytes(content[:head] + second + first + content[head + 2 * size :])
        with pytest.raises(sealing.BackupIsDamaged):
            self.read(sealed)

    @pytest.mark.parametrize("content", [b"", b"JNBACKUP1\n", b"PK\x03\x04" + b"0" * 99])
    def test_that_is_none_is_refused(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "z"
        path.write_bytes(content)
        with pytest.raises(sealing.NotABackup, match="不是践诺的备份"):
            self.read(path)


def manage(house: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """This function will run a command in a SQLite house of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=configured.BASE_DIR,
        env=environment(house) | more,
        capture_output=True,
        text=True,
    )


def environment(house: Path) -> dict[str, str]:
    """This function will give the environment of a SQLite house of its own."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    return kept | SECRETS | {"JIANNUO_VAR": str(house), "HEALTH_DISK_ALARM_MB": "1", "LOG_LEVEL": "ERROR"}


@pytest.fixture(scope="class")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite house with a branch."""
    folder = tmp_path_factory.mktemp("house")
    assert manage(folder, "migrate", "--noinput").returncode == 0
    assert manage(folder, "open_branch", "1000", "总公司", "--kind", "head_office").returncode == 0
    return folder


class TestASmallHouse:
    def newest(self, house: Path) -> Path:
        return shelf.files(house / "backups")[-1]

    def branches(self, house: Path) -> list[Any]:
        with closing(sqlite3.connect(house / "db.sqlite3")) as database:
            return database.execute("SELECT code FROM crm_branch").fetchall()

    def test_is_verified_and_brought_back_into_an_empty_folder(self, house: Path, tmp_path: Path) -> None:
        assert "张表" in manage(house, "backup").stdout
        checked = manage(house, "restore", str(self.newest(house)), "--verify")
        assert "备份完好" in checked.stdout, checked.stderr
        placed = manage(house, "restore", str(self.newest(house)), "--to", str(tmp_path / "new"))
        assert placed.returncode == 0, placed.stderr
        assert self.branches(tmp_path / "new") == [("1000",)]

    def test_is_not_replaced_without_a_word(self, house: Path) -> None:
        manage(house, "backup")
        refused = manage(house, "restore", str(self.newest(house)))
        assert (refused.returncode, "--yes-replace" in refused.stderr) == (1, True)
        placed = manage(house, "restore", str(self.newest(house)), "--yes-replace")
        assert placed.returncode == 0, placed.stderr
        assert self.branches(house) == [("1000",)]
        assert list(house.glob("replaced-*/db.sqlite3"))

    def test_refuses_a_wrong_key_and_a_cut_file_in_a_sentence(self, house: Path, tmp_path: Path) -> None:
        manage(house, "backup")
        wrong = manage(house, "restore", str(self.newest(house)), "--verify", BACKUP_KEY="b" * 64)
        assert "另一把密钥" in wrong.stderr and wrong.returncode == 1
        cut = tmp_path / "cut.jnbackup"
        cut.write_bytes(self.newest(house).read_bytes()[:-20])
        assert "损坏或不完整" in manage(house, "restore", str(cut), "--verify").stderr
        assert "没有" in manage(house, "restore", str(tmp_path / "nothing"), "--verify").stderr

    def test_is_drilled(self, house: Path) -> None:
        drilled = manage(house, "restore_drill")
        assert drilled.returncode == 0, drilled.stderr
        assert "演练通过" in drilled.stdout

    def test_killed_in_the_middle_leaves_nothing_under_a_final_name(self, house: Path) -> None:
        before = shelf.files(house / "backups")
        (house / "sent").mkdir(exist_ok=True)
        (house / "sent" / "big").write_bytes(os.urandom(60 * 1024 * 1024))
        running = subprocess.Popen(
            [sys.executable, "manage.py", "backup"], cwd=configured.BASE_DIR, env=environment(house)
        )
        drafts = house / "backups"
        while running.poll() is None and not any(
            one.stat().st_size > 5_000_000 for one in drafts.glob(".*.part")
        ):
            pass
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert list(drafts.glob(".*.part")), "it ended before the kill"
        assert shelf.files(drafts) == before
        (house / "sent" / "big").unlink()
        assert manage(house, "backup").returncode == 0
        assert not list(drafts.glob(".*"))

    def test_goes_on_writing_and_the_copy_is_of_one_instant(self, house: Path) -> None:
        """Two tables always get a row each in one transaction; no copy may hold one without the other."""
        stop, written = threading.Event(), []

        def write() -> None:
            with closing(sqlite3.connect(house / "db.sqlite3", timeout=20)) as database:
                database.execute("PRAGMA journal_mode=WAL")  # as every connection of the product asks for
                database.execute("CREATE TABLE IF NOT EXISTS pair_a (n INTEGER)")
                database.execute("CREATE TABLE IF NOT EXISTS pair_b (n INTEGER)")
                database.commit()
                while not stop.is_set():
                    with database:
                        database.execute("INSERT INTO pair_a VALUES (1)")
                        database.execute("INSERT INTO pair_b VALUES (1)")
                    written.append(1)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _turn in range(2):
                assert manage(house, "backup").returncode == 0
                done = manage(house, "restore", str(self.newest(house)), "--verify")
                assert done.returncode == 0, done.stderr
        finally:
            stop.set()
            writer.join()
        target = house.parent / "instant"
        assert manage(house, "restore", str(self.newest(house)), "--to", str(target)).returncode == 0
        with closing(sqlite3.connect(target / "db.sqlite3")) as copy:
            counts = {copy.execute(f"SELECT COUNT(*) FROM {t}").fetchone()[0] for t in ("pair_a", "pair_b")}
        assert len(counts) == 1 and counts.pop() > 0 and written


@pytest.mark.only_on("postgresql")
class TestAPostgresqlHouse:
    def test_is_brought_back_into_an_empty_database(
        self, transactional_db: None, folder: Path, tmp_path: Path
    ) -> None:
        make.branch_tree()
        made = backups.make(now=read_clock())
        room = tmp_path / "opened"
        manifest = backups.opened(made.path, room)
        assert manifest.rows["crm_branch"] == 6
        own = f"{connection.settings_dict['NAME']}_back"
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{own}"')
            cursor.execute(f'CREATE DATABASE "{own}"')
        try:
            backups.place_postgresql(room, manifest, own, replace=False)
            with pytest.raises(backups.WouldReplace, match="--yes-replace"):
                backups.place_postgresql(room, manifest, own, replace=False)
            backups.place_postgresql(room, manifest, own, replace=True)
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{own}"')

    def test_is_drilled(self, transactional_db: None, folder: Path, capsys: Any) -> None:
        make.branch_tree()
        call_command("restore_drill")
        assert "演练通过" in capsys.readouterr().out


@pytest.mark.django_db
class TestADifference:
    def test_in_a_table_is_named(self, folder: Path, tmp_path: Path) -> None:
        manifest = backups.make(now=read_clock()).manifest
        held = dumps.Contents(manifest.migrations, manifest.rows | {"crm_branch": 99}, manifest.audit_head)
        with pytest.raises(backups.BackupDiffers, match="crm_branch"):
            backups.compare(manifest, held)
        headless = dumps.Contents(manifest.migrations, manifest.rows, "x")
        with pytest.raises(backups.BackupDiffers, match="封条"):
            backups.compare(manifest, headless)

    def test_of_format_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / archive.MANIFEST).write_text('{"format": 2}', encoding="utf-8")
        with pytest.raises(sealing.BackupIsDamaged, match="比这个版本新"):
            archive.read(tmp_path)


@pytest.mark.django_db
def test_a_missing_file_is_one_sentence(folder: Path) -> None:
    with pytest.raises(CommandError, match="请核对路径"):
        call_command("restore", "nowhere.jnbackup", "--verify")
