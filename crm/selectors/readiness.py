"""Can this process answer pages: does the database answer, does it know all migrations, is the broker there?"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from crm import queue


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands and what does not, with the reason. Without a broker pages are answered all the same."""

    database: str
    migrations: str
    broker: str
    reasons: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Whether pages can be answered."""
        return (self.database, self.migrations) == ("ok", "ok")


def look() -> Readiness:
    """This function will ask the three; it takes as long as the slowest of them answers or times out."""
    database = migrations = "ok"
    reasons: list[str] = []
    try:
        missing = list(_unapplied())
    except DatabaseError:
        database = migrations = "away"
        reasons.append(_("数据库没有应答，请检查 DATABASE_URL 和数据库服务。"))
    else:
        if missing:
            migrations = "missing"
            reasons.append(
                _("还有 %(count)d 个迁移没有执行，请运行 manage.py migrate。") % {"count": len(missing)}
            )
    broker = "ok"
    try:
        queue.knock(settings.CELERY_BROKER_URL)
    except OSError:
        broker = "away"
        reasons.append(_("消息代理没有应答：页面照常，作业改由节拍补做，请检查 BROKER_URL。"))
    return Readiness(database, migrations, broker, tuple(reasons))


def _unapplied() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield str(migration)
