"""Strict readers of the environment. A value that cannot be understood stops the start with one clear sentence."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """This function will return the variable's value, or the default where it is unset or empty."""
    return os.environ.get(name, "") or default


def flag(name: str, default: bool = False) -> bool:
    """This function will read 1/0, true/false, yes/no, on/off; anything else stops the start."""
    value = os.environ.get(name, "").strip().lower()
    if value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} 看不懂：请写 1 或 0。")


def integer(name: str, default: int) -> int:
    """This function will read a whole number; anything else stops the start."""
    value = os.environ.get(name, "").strip()
    if value == "":
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} 不是整数。") from error


def words(name: str, default: str = "") -> list[str]:
    """This function will read a comma-separated list, without empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def hosts(name: str, public_url: str) -> list[str]:
    """This function will read the names that the site answers to; unset, they are the public one's and this machine's."""
    public = urlsplit(public_url).hostname or ""
    return words(name) or list(dict.fromkeys(filter(None, [public, "127.0.0.1", "localhost", "[::1]"])))


def secret(name: str, folder: Path | None = None, *, optional: bool = False) -> str:
    """This function will read a secret from NAME, from the file named by NAME_FILE, or from `folder/NAME`.

    Where `folder` is given (embedded mode) a missing secret is made once and kept there, readable by the
    owner only; without it a missing secret stops the start, or is empty if it is `optional`.
    """
    if value := text(name):
        return value
    if path := text(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    if folder is None and optional:
        return ""
    if folder is None:
        raise ImproperlyConfigured(f"缺少 {name}：请设置 {name} 或 {name}_FILE。")
    kept = folder / name
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="utf-8")
        try:
            os.link(draft, kept)  # the first of several processes wins; the others read its secret
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text(encoding="utf-8").strip()


def secrets_of(name: str) -> tuple[str, ...]:
    """This function will read several secrets, the newest first, from NAME or the file named by NAME_FILE, one a
    line or separated by commas; there may be none."""
    written = text(name)
    if not written and (path := text(f"{name}_FILE")):
        written = Path(path).read_text(encoding="utf-8")
    return tuple(one.strip() for one in written.replace("\n", ",").split(",") if one.strip())


def number(name: str, default: float) -> float:
    """This function will read a number above zero; anything else stops the start."""
    value = os.environ.get(name, "").strip()
    try:
        read = float(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} 不是数字。") from error
    if not 0 < read < float("inf"):
        raise ImproperlyConfigured(f"{name}={value!r} 须大于 0。")
    return read


def database(url: str, sqlite_file: Path) -> dict[str, Any]:
    """This function will turn DATABASE_URL into Django's setting; without one it is the SQLite file.

    SQLite runs with a write-ahead log and takes the write lock at the start of a transaction, so that
    two writers wait for each other instead of failing.
    """
    if not url or url.startswith("sqlite"):
        name = unquote(urlsplit(url).path[1:]) if url else str(sqlite_file)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name or str(sqlite_file),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
                " PRAGMA cache_size=-16000;",
            },
            # A file too: threads of a test meet the same locks as two processes of the house.
            "TEST": {"NAME": str(sqlite_file.with_name("test.sqlite3"))},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL 只支持 postgresql:// 或 sqlite:///。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
