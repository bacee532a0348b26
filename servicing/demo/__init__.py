"""The promise floor's part of the demo: tickets and promises in every state, made by the services people use."""

from datetime import timedelta

from crm.registry import DemoPart, DemoStage, add_demo
from servicing.demo import greeted, history, showpieces, today
from servicing.demo.stage import Scenery
from servicing.services import commitments

SWEPT_BEFORE = 24 * 6


def seed(stage: DemoStage) -> None:
    """This function will play the last half year, then leave every desk with work of today."""
    scenery = Scenery(stage)
    history.play(scenery)
    today.lay_out(scenery)
    showpieces.lay_out(scenery)
    greeted.play(scenery)
    # hour by hour, so that alarms were noticed when they rang
    for hours in range(SWEPT_BEFORE, -1, -1):
        while commitments.sweep(now=stage.now - timedelta(hours=hours)).done:
            pass


add_demo(DemoPart("servicing", 30, seed))
