"""The image and the composition agree: what the nightly backup needs is in both."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSITION = (ROOT / "docker-compose.yml").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")


def only(pattern: str, text: str) -> str:
    (found,) = re.findall(pattern, text)
    return str(found)


class TestTheNightlyBackup:
    def test_finds_a_dump_program_of_the_servers_own_major(self) -> None:
        assert only(r"postgresql-client-(\d+)", IMAGE) == only(r"image: postgres:(\d+)", COMPOSITION)

    def test_finds_its_key_where_the_other_secrets_are(self) -> None:
        assert "env_file: .env" in COMPOSITION
        for name in ("PERSONAL_DATA_KEY", "BACKUP_KEY"):
            assert re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE), name
            assert re.search(rf"^{name}_FILE=$", EXAMPLE, re.MULTILINE), name
