"""The long work of the rank floor."""

from crm.long_jobs import add_kind
from tiers.services.rating.computing import COMPUTING

add_kind(COMPUTING)
