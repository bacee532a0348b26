"""F25: a small disk of its own (a tmpfs in a namespace) is filled: sentences, no damage, and on it goes when there is room."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.figures import LONG, keep, size
from tests.stack.installation import PATIENCE, PYTHON, ROOT, Installation

# The journal's file may give room back while the disk counts as full, so this is no test for every run yet.
pytestmark = [
    pytest.mark.stack,
    pytest.mark.timeout(PATIENCE),
    pytest.mark.skipif(not LONG, reason="at length only"),
]

NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
# $0 is the migrated file, $@ the program; the disk is gone with the process.
MOUNT = 'mount -t tmpfs -o size="$MB"m none "$JIANNUO_VAR" && cp "$0" "$JIANNUO_VAR/db.sqlite3" && exec "$@"'


def may_mount(folder: Path) -> bool:
    """This function will say whether the system lets us have a disk of our own."""
    if shutil.which("unshare") is None:
        return False
    line = [*NAMESPACE, "mount", "-t", "tmpfs", "none", str(folder)]
    return subprocess.run(line, capture_output=True).returncode == 0


class TestADiskThatIsFull:
    def test_is_told_in_sentences_and_harms_nothing(
        self, build: Callable[..., Installation], migrated_file: Path
    ) -> None:
        house, megabytes, began = build("embedded"), size(16, 64), time.monotonic()
        var = house.folder / "small"
        var.mkdir()
        if not may_mount(var):
            assert not LONG, "这里不允许挂载 tmpfs，无法制造写满的磁盘。"
            pytest.skip("no disk of one's own without user namespaces")
        house.more_env = {"JIANNUO_VAR": str(var), "MB": str(megabytes)}
        program = [PYTHON, "-m", "tests.stack.call", "tests.stack.full_disk:run", "[]"]
        done = subprocess.run(
            [*NAMESPACE, "sh", "-c", MOUNT, str(migrated_file), *program],
            cwd=ROOT,
            env=house.env,
            input="go\n",
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        seen = json.loads(done.stdout.splitlines()[-1])
        told = f"上传、保存、备份各一句话；已答复 {seen['answered']}，在库 {seen['standing']}，完整性 {seen['integrity']}"
        keep("F25", "磁盘写满", "SQLite", f"{megabytes} MB 的盘", told, began)
        assert seen["upload"] == [422, True] and seen["page"] == [503, True]
        assert "磁盘" in seen["backup"]
        assert set(seen["saves"]) <= {302, 503} and 503 in seen["saves"]
        assert (seen["standing"], seen["integrity"]) == (seen["answered"], "ok")
        assert (seen["after"], seen["upload after"], seen["batches"]) == (302, 302, 0)
        assert seen["sent after"] == ["accepted"]
