"""Before anything starts: one supervisor, a run folder of our own, a free port; else one clear sentence."""

import os
import socket
import stat
from pathlib import Path

import pytest

from crm.supervisor import broker, ground


class TestTheRunFolder:
    def test_is_made_for_the_owner_only(self, tmp_path: Path) -> None:
        ground.run_folder(tmp_path / "run")
        assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700

    def test_that_is_a_link_to_elsewhere_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "run").symlink_to(tmp_path / "real")
        with pytest.raises(ground.RunFolderIsNotOurs, match="JIANNUO_RUN"):
            ground.run_folder(tmp_path / "run")

    def test_that_is_too_long_for_a_socket_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ground.RunFolderIsTooLong, match="JIANNUO_RUN"):
            ground.run_folder(tmp_path / ("long" * 30))


class TestTheLock:
    def test_names_who_holds_it(self, tmp_path: Path) -> None:
        with ground.lock(tmp_path), pytest.raises(ground.AlreadyServing, match=str(os.getpid())):
            ground.lock(tmp_path)

    def test_is_free_again_after_its_holder_ended(self, tmp_path: Path) -> None:
        ground.lock(tmp_path).close()
        ground.lock(tmp_path).close()


class TestThePort:
    def test_that_is_taken_is_refused_with_the_way_out(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(ground.PortIsTaken, match=f"PORT={port + 1}"):
                ground.free_port("127.0.0.1", port)

    def test_that_is_free_is_left_free(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            port = other.getsockname()[1]
        ground.free_port("127.0.0.1", port)
        ground.free_port("127.0.0.1", port)


class TestTheBrokerProgram:
    def test_is_found(self) -> None:
        assert os.access(broker.find(), os.X_OK)

    def test_from_the_path_stands_in_for_the_wheel(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
        monkeypatch.setattr(
            "shutil.which", lambda name: f"/usr/bin/{name}" if name == "redis-server" else None
        )
        assert broker.find() == "/usr/bin/redis-server"

    def test_that_is_nowhere_is_missed_in_a_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
        monkeypatch.setattr("shutil.which", lambda _name: None)
        with pytest.raises(broker.NoBrokerProgram, match="apt install redis-server"):
            broker.find()
