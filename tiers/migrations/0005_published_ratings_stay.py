"""A published rating never changes, nor do its rows; and a whole list can be written at once on PostgreSQL.

The trigger against overlaps took a lock for every customer, and a server has room for some thousands of locks only:
it now takes one of 512, whichever the customer falls in.
"""

from django.db import migrations

from crm.row_guards import rows_stay_once_marked
from crm.triggers import columns_stay_once_marked

KEPT = (
    "scheme",
    "year",
    "as_of",
    "active_from",
    "active_to",
    "effective_from",
    "parameters",
    "rule_version",
    "state",
    "corrects_id",
    "requested_by_id",
    "requested_at",
    "computed_at",
)
MESSAGE = "levels_of_a_scheme_do_not_overlap"
FUNCTION = """
CREATE OR REPLACE FUNCTION tiers_refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tiers_assignment:' || {key} || ':' || NEW.scheme, 0));
    IF EXISTS (
        SELECT 1 FROM tiers_assignment AS other
        WHERE other.customer_id = NEW.customer_id AND other.scheme = NEW.scheme AND other.id <> NEW.id
          AND daterange(other.active_from, other.active_to) && daterange(NEW.active_from, NEW.active_to)
    ) THEN
        RAISE EXCEPTION '{message}' USING ERRCODE = 'exclusion_violation', CONSTRAINT = '{message}';
    END IF;
    RETURN NEW;
END
$$;
"""


def _lock(key):
    def change(apps, schema_editor):
        """This function will write the trigger's function anew."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(FUNCTION.format(key=key, message=MESSAGE), params=None)

    return change


class Migration(migrations.Migration):
    """Adds the triggers after the tables exist."""

    dependencies = [("tiers", "0004_ratings")]
    operations = [
        columns_stay_once_marked("tiers_ratingrun", "published ratings are kept", "published_at", KEPT),
        rows_stay_once_marked(
            "tiers_ratingrow", "tiers_ratingrun", "run_id", "published_at", "rows_of_a_published_rating_stay"
        ),
        migrations.RunPython(_lock("(NEW.customer_id % 512)"), _lock("NEW.customer_id")),
    ]
