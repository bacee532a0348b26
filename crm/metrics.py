"""Figures for Prometheus. Requests are counted where they are answered; work is read from the rows, which are the
truth for all processes on all hosts. No label holds a person, a customer or a value that somebody typed."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from crm.selectors import totals, work_health

CONTENT_TYPE = CONTENT_TYPE_LATEST
REQUESTS = Histogram(
    "jiannuo_request_seconds",
    "Seconds until a request was answered, by the name of its address.",
    ("view", "method", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.5, 3, 10),
)


class Timed:
    """Times every request, by the name of its address and the class of its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """This function will keep the next step of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This function will answer and note how long it took."""
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = match.view_name if match else "none"
        method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
        status = f"{response.status_code // 100}xx"
        REQUESTS.labels(view, method, status).observe(time.perf_counter() - began)
        return response


class _Rows:
    """What the rows say at the moment of the reading."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        """This function will hand out the figures of the work, then the totals."""
        signs = [sign for sign in work_health.signs(now=self.now) if sign.figure is not None]
        health = GaugeMetricFamily(
            "jiannuo_health", "Signs of the work, as on /healthz/work.", labels=["sign"]
        )
        for sign in signs:
            health.add_metric([sign.key], float(sign.figure or 0))
        yield health
        ages = [float(sign.figure or 0) for sign in signs if sign.key.startswith("oldest_")]
        yield GaugeMetricFamily(
            "jiannuo_oldest_due_seconds", "Age of what is due and not done.", value=max(ages, default=0.0)
        )
        yield GaugeMetricFamily(
            "jiannuo_queue_depth", "Messages that are due and not sent.", value=totals.due_messages(self.now)
        )
        sends = GaugeMetricFamily("jiannuo_messages", "Messages by what became of them.", labels=["outcome"])
        for state, count in totals.messages_by_state().items():
            sends.add_metric([state], count)
        yield sends
        acts = CounterMetricFamily("jiannuo_acts", "Acts of the log worth watching.", labels=["act"])
        for act, count in totals.acts().items():
            acts.add_metric([act], count)
        yield acts


def exposition(*, now: datetime) -> bytes:
    """This function will write all figures as Prometheus reads them, requests of all web processes added up."""
    registry = CollectorRegistry()
    registry.register(_Rows(now))
    requests: CollectorRegistry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    return generate_latest(requests) + generate_latest(registry)
