"""What must be in order before anything starts: a run folder of our own, one supervisor at a time, a free port."""

import fcntl
import os
import shutil
import socket
import stat
from pathlib import Path
from typing import IO

from crm.refusal import Refusal

LONGEST_SOCKET = 100


class AlreadyServing(Refusal):
    """Another supervisor holds the lock."""


class RunFolderIsNotOurs(Refusal):
    """Somebody else made the run folder."""


class RunFolderIsTooLong(Refusal):
    """A unix socket's path has about a hundred bytes, no more."""


class PortIsTaken(Refusal):
    """Another program listens there."""


def run_folder(folder: Path) -> None:
    """This function will make the run folder, open to its owner only, and refuse one that somebody else made."""
    if len(os.fsencode(folder / "broker.sock")) > LONGEST_SOCKET:
        raise RunFolderIsTooLong(
            f"运行目录 {folder} 的路径太长，放不下套接字；请用 JIANNUO_RUN 指定一个短路径。"
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise RunFolderIsNotOurs(f"运行目录 {folder} 属于别的用户，请用 JIANNUO_RUN 另指定一个短路径。")
    folder.chmod(0o700)


def lock(folder: Path) -> IO[str]:
    """This function will take the supervisor's lock and return it; it is held until the file is closed."""
    file = (folder / "serve.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "?"
        file.close()
        raise AlreadyServing(
            f"已有一个 serve 在运行（进程号 {holder}），不必再开；如需重启请先结束它。"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def free_port(host: str, port: int) -> None:
    """This function will refuse a port on which another program listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortIsTaken(
                f"端口 {port} 已被占用，请换一个，例如 PORT={port + 1} script/server。"
            ) from None


def metrics_folder(folder: Path, server: int) -> Path:
    """This function will make the folder into which the web processes of one server write their figures.

    What servers that no longer run left behind is deleted.
    """
    run_folder(folder)
    for old in folder.glob("metrics-*"):
        if not Path(f"/proc/{old.name.removeprefix('metrics-')}").exists():
            shutil.rmtree(old, ignore_errors=True)
    wanted = folder / f"metrics-{server}"
    wanted.mkdir(mode=0o700, exist_ok=True)
    return wanted
