"""Triggers outlive every later migration: SQLite drops them silently when a table is rebuilt."""

import pytest
from django.db import connection

WHEN = ("insert", "delete", "update")
STAND = {
    "crm_logentry": ["crm_logentry_is_kept"],
    "crm_auditseal": ["crm_auditseal_is_kept", "crm_auditseal_follows_on"],
    "crm_customer": [
        "a_keeper_is_in_use_0",
        "a_keeper_is_in_use_1",
        *(f"crm_customer_{one}_pair_{when}" for one in ("name", "name_initials") for when in WHEN),
    ],
    "crm_contact": [f"crm_contact_name_pair_{when}" for when in WHEN],
    "crm_teamseat": ["a_team_member_is_in_use_0", "a_team_member_is_in_use_1"],
    "crm_standin": [f"stand_ins_of_a_person_do_not_overlap_{n}" for n in (0, 1)],
    "crm_consent": ["crm_consent_is_kept"],
    "crm_branch": ["a_branch_keeps_its_path_0"],
    "tiers_ratingrun": ["tiers_ratingrun_published_at_stays"],
    "tiers_ratingrow": [f"rows_of_a_published_rating_stay_{n}" for n in (0, 1)],
    "servicing_ticket": [f"a_ticket_is_led_{when}" for when in ("insert", "update")],
    "servicing_commitment": ["a_promise_leads_update", "servicing_commitment_breached_at_stays"],
    "tiers_assignment": [f"levels_of_a_scheme_do_not_overlap_{when}" for when in ("insert", "update")],
}


@pytest.mark.django_db
@pytest.mark.only_on("sqlite")  # PostgreSQL keeps triggers when it alters a table
class TestTheTriggers:
    @pytest.mark.parametrize("table", STAND)
    def test_stand_after_the_last_migration(self, table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            found = {row[0] for row in cursor.fetchall()}
        assert set(STAND[table]) <= found, (
            "rebuild a table, and create its triggers again (crm/triggers.py, crm/row_guards.py, crm/name_parts.py)"
        )
