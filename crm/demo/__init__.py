"""The ground floor's part of the demo: a tree of branches, its people, a book of invented customers, and what went on."""

from crm.demo import book, cast, doubles, handed, office, touches
from crm.registry import DemoPart, DemoStage, add_demo


def seed(stage: DemoStage) -> None:
    """This function will open the branches, add the people and import the customers."""
    cast.open_house(stage)
    book.import_customers(stage)


def go_on(stage: DemoStage) -> None:
    """This function will add what the ground floor lives through beside the promises, after the other floors."""
    handed.few_change_hands(stage)
    doubles.record(stage)
    touches.record(stage)
    office.arrange(stage)


add_demo(DemoPart("crm", 10, seed))
add_demo(DemoPart("crm.leaving", 25, handed.colleague_leaves))
add_demo(DemoPart("crm.living", 40, go_on))
