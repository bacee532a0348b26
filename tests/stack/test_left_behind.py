"""F41: phones, ID numbers and passwords go through a real web server, worker and broker; then every file the house has
written is searched for them: logs, the broker's own file, what was sent, uploads, and the database with its journal."""

import time
from pathlib import Path

import pytest

from tests.figures import keep
from tests.stack.browsers import Browser
from tests.stack.installation import PATIENCE, Installation, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(PATIENCE)]

CANARIES = ("13987650123", "139 8765 0123", "120101199003071235", "canary umbrellas dance")
KINDS_OF_FILES = {"web.log", "worker.log", "beat.log", "broker.log", "db.sqlite3"}


def found(folder: Path) -> tuple[set[str], list[str]]:
    """This function will read every file and name the canaries in it."""
    names, hits = set(), []
    for file in folder.rglob("*"):
        if file.is_file():
            names.add(file.name)
            content = file.read_bytes()
            for one in CANARIES:
                hits += [f"{one} in {file.relative_to(folder)}" for text in forms(one) if text in content]
    return names, hits


def forms(canary: str) -> list[bytes]:
    """This function will write a canary as files might: plain, and as JSON escapes nothing of it."""
    return [canary.encode(), canary.encode("utf-16-le")]


class TestAHouseThatHandledThem:
    def test_has_them_in_no_file(self, build: object) -> None:
        house: Installation = build("embedded")  # type: ignore[operator]
        began = time.monotonic()
        house.more_env["LOG_LEVEL"] = "DEBUG"
        office = house.call("tests.stack.office:furnish", 1, 1)
        house.start_web()
        house.start_worker()
        house.start_beat()
        browser = Browser(house, office["sessions"][0])
        new = f"/customers/{office['customers'][0]}/contacts/new/"
        person = {"role": "first", "name": "张伟", "birthday_calendar": "solar", "token": "t1"}
        assert browser.post(new, {**person, "phone": CANARIES[1], "id_no": CANARIES[2]}).status_code == 302
        browser.post("/customers/", {"q": CANARIES[0]})
        browser.post("/tickets/new/caller/", {"caller": CANARIES[0], "act": "find"})
        browser.post("/login/", {"username": CANARIES[3], "password": CANARIES[3]})
        house.call("tests.stack.office:import_people", CANARIES[0], CANARIES[2])
        assert wait_for(
            lambda: house.call("tests.stack.imports:state")["batch"] == "checked", seconds=PATIENCE
        )
        house.call("tests.stack.imports:confirm")
        assert wait_for(lambda: house.call("tests.stack.imports:state")["batch"] == "done", seconds=PATIENCE)
        house.call("tests.stack.office:greet_everybody")
        assert wait_for(lambda: len(house.accepted()) == 2, seconds=PATIENCE), house.log("worker")
        names, hits = found(house.folder)
        keep("F41", "留下的文件", house.kind, f"{len(names)} 种文件", f"找到 {len(hits)} 处", began)
        assert names >= KINDS_OF_FILES
        assert hits == []
