"""A pytest plugin, `-p tests.database_only`: keeps the tests that touch a database, for the run on a second one."""

import pytest

FIXTURES = {"db", "transactional_db", "live_server"}


def touches_a_database(item: pytest.Item) -> bool:
    """This function will say whether a test asks for a database, by its mark or by any fixture it leans on."""
    return bool(item.get_closest_marker("django_db")) or bool(
        FIXTURES & set(getattr(item, "fixturenames", ()))
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """This function will deselect what behaves the same on any database because it never meets one."""
    pure = [item for item in items if not touches_a_database(item)]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if touches_a_database(item)]
