"""The ground floor's part of the demo: a tree of branches, its people, and a book of invented customers."""

from crm.demo import book, cast
from crm.registry import DemoPart, DemoStage, add_demo


def seed(stage: DemoStage) -> None:
    """This function will open the branches, add the people and import the customers."""
    cast.open_house(stage)
    book.import_customers(stage)


add_demo(DemoPart("crm", 10, seed))
