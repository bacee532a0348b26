"""Makes two overlapping levels of one customer in one scheme impossible in the database itself.

PostgreSQL could do it with an exclusion constraint only where btree_gist may be installed, so both databases
get triggers. On PostgreSQL the trigger first takes a lock for the customer and scheme that lasts as long as the
transaction: without it two transactions that cannot see each other's rows would both be let in. SQLite has one
writer at a time. A later migration that rebuilds `tiers_assignment` on SQLite must create its triggers again.
"""

from django.db import migrations

MESSAGE = "levels_of_a_scheme_do_not_overlap"

POSTGRESQL = f"""
CREATE FUNCTION tiers_refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tiers_assignment:' || NEW.customer_id || ':' || NEW.scheme, 0));
    IF EXISTS (
        SELECT 1 FROM tiers_assignment AS other
        WHERE other.customer_id = NEW.customer_id AND other.scheme = NEW.scheme AND other.id <> NEW.id
          AND daterange(other.active_from, other.active_to) && daterange(NEW.active_from, NEW.active_to)
    ) THEN
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'exclusion_violation', CONSTRAINT = '{MESSAGE}';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER {MESSAGE} BEFORE INSERT OR UPDATE OF customer_id, scheme, active_from, active_to
    ON tiers_assignment FOR EACH ROW EXECUTE FUNCTION tiers_refuse_overlap();
"""
POSTGRESQL_BACK = f"DROP TRIGGER {MESSAGE} ON tiers_assignment; DROP FUNCTION tiers_refuse_overlap();"

# A null end is later than any date; dates are kept as ISO text, so text compares as time does.
SQLITE_BODY = f"""
WHEN EXISTS (
    SELECT 1 FROM tiers_assignment AS other
    WHERE other.customer_id = NEW.customer_id AND other.scheme = NEW.scheme AND other.id IS NOT NEW.id
      AND other.active_from < COALESCE(NEW.active_to, '9999-12-32')
      AND NEW.active_from < COALESCE(other.active_to, '9999-12-32')
)
BEGIN
    SELECT RAISE(ABORT, '{MESSAGE}');
END
"""
SQLITE = (
    f"CREATE TRIGGER {MESSAGE}_insert BEFORE INSERT ON tiers_assignment {SQLITE_BODY}",
    f"CREATE TRIGGER {MESSAGE}_update BEFORE UPDATE OF customer_id, scheme, active_from, active_to"
    f" ON tiers_assignment {SQLITE_BODY}",
)
SQLITE_BACK = (f"DROP TRIGGER {MESSAGE}_insert", f"DROP TRIGGER {MESSAGE}_update")


def forwards(apps, schema_editor):
    """This function will create the triggers of the database in use."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else (POSTGRESQL,):
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    """This function will drop them again."""
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else (POSTGRESQL_BACK,):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Adds the triggers after the table exists."""

    dependencies = [("tiers", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
