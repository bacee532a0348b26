"""Settings: every variable is listed in .env.example, and the compose file says what the image can do."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
READERS = {"text", "flag", "integer", "number", "words", "hosts", "secret", "secrets_of"}
# Read by docker-compose.yml alone.
COMPOSE_ONLY = {"POSTGRES_PASSWORD"}


def read_by_code() -> set[str]:
    """This function will collect the names that `env.<reader>(NAME)` and `os.environ.get(NAME)` ask for."""
    names: set[str] = set()
    for app in ("crm", "tiers", "servicing", "claims"):
        for file in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names |= asked_by(node)
    return names


def asked_by(node: ast.AST) -> set[str]:
    """This function will name the variable that one call asks for; a secret may also come from a file."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return set()
    if not isinstance(node.args[0], ast.Constant) or not isinstance(node.args[0].value, str):
        return set()
    owner, name = ast.unparse(node.func.value), node.args[0].value
    if owner == "os.environ" and node.func.attr == "get":
        return {name}
    if owner != "env" or node.func.attr not in READERS:
        return set()
    return {name, f"{name}_FILE"} if node.func.attr.startswith("secret") else {name}


def listed() -> list[str]:
    return re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)


class TestTheExample:
    def test_lists_every_variable_that_is_read_and_no_other(self) -> None:
        assert set(listed()) - COMPOSE_ONLY == read_by_code()

    def test_lists_each_once(self) -> None:
        assert len(listed()) == len(set(listed()))


class TestTheComposeFile:
    def compose(self) -> dict[str, dict[str, dict[str, object]]]:
        loaded = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
        assert isinstance(loaded, dict)
        return loaded

    def test_has_the_five_services_with_health_checks(self) -> None:
        services = self.compose()["services"]
        long_lived = {"web", "worker", "beat", "postgres", "redis"}
        assert long_lived <= set(services)
        assert all("healthcheck" in services[name] and services[name]["init"] for name in long_lived)

    def test_runs_one_image_with_one_environment(self) -> None:
        services = self.compose()["services"]
        for name in ("web", "worker", "beat", "migrate"):
            assert (services[name]["image"], services[name]["env_file"]) == ("jiannuo", ".env")


class TestProductionWithoutItsSecrets:
    def test_does_not_start_and_says_why(self) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", "check"],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgresql://x@127.0.0.1/x"},
            capture_output=True,
            text=True,
        )
        assert done.returncode != 0
        assert "缺少 SECRET_KEY" in done.stderr


class TestProductionSettings:
    def env(self, **more: str) -> dict[str, str]:
        secret = "a-long-and-random-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG"
        env = {"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgresql://x@127.0.0.1/x", "DEMO": "0"}
        env |= {name: secret + name for name in ("SECRET_KEY", "PERSONAL_DATA_KEY", "BLIND_INDEX_KEY")}
        env |= {"PUBLIC_URL": "https://crm.example.com", "BROKER_URL": "redis://127.0.0.1:6379/9"}
        return env | more

    def check(self, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)

    def test_pass_the_deployment_checklist(self) -> None:
        done = self.check(self.env())
        assert done.returncode == 0, done.stderr

    def test_that_are_careless_are_named_with_what_to_do(self) -> None:
        careless = {"DEBUG": "1", "DEMO": "1", "PUBLIC_URL": "http://crm.example.com", "ALLOWED_HOSTS": "*"}
        done = self.check(self.env(SECRET_KEY="short", BLIND_INDEX_KEY="short", **careless))
        assert done.returncode != 0
        named = set(re.findall(r"crm\.E01\d", done.stderr))
        assert named == {"crm.E010", "crm.E011", "crm.E012", "crm.E013", "crm.E014", "crm.E015"}

    def test_answer_to_the_public_name_and_to_this_machine(self) -> None:
        code = "from crm import settings as s; print(s.ALLOWED_HOSTS, s.SESSION_COOKIE_NAME, s.SECOND_FACTOR_REQUIRED)"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=self.env(), capture_output=True, text=True
        )
        hosts = "['crm.example.com', '127.0.0.1', 'localhost', '[::1]']"
        assert done.stdout.strip() == f"{hosts} __Host-sessionid True", done.stderr
