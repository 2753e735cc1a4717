"""The bot's numbers in Prometheus's text format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from coedu_bot.delivery.turnstile import Turnstile
from coedu_bot.dispatch.meters import BOUNDS, Durations, Meters
from coedu_bot.web.vitals import Vitals


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """One collection: the counters since the start and the vitals of this moment."""

    meters: Meters
    turnstile: Turnstile
    vitals: Vitals

    def collect(self) -> Iterable[Metric]:
        """As prometheus_client asks for them."""
        yield from self._of_events()
        yield from self._of_delivery()
        yield _gauge("coedu_database_up", "1 if the database answers", float(self.vitals.database))
        lag = _since(self.vitals.synced_at, self.vitals.at)
        yield _gauge("coedu_sync_lag_seconds", "Seconds since the last answer of /sync", lag)

    def text(self) -> bytes:
        """The page of /metrics."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def _of_events(self) -> Iterable[Metric]:
        events, timers = self.meters.events, self.meters.timers
        undecryptable = {(): events["Undecryptable"]}
        yield _counter("coedu_events", "Events handled", ["type"], _by_one(events))
        yield _counter("coedu_commands", "Commands by outcome", ["name", "outcome"], self.meters.commands)
        yield _counter("coedu_timers", "Timers that were due", ["when"], _by_one(timers))
        yield _counter("coedu_decryption_failures", "Events without a key", [], undecryptable)
        yield _histogram("coedu_handling_seconds", "Time to handle one event", self.meters.handling)

    def _of_delivery(self) -> Iterable[Metric]:
        yield _gauge("coedu_outbox_depth", "Messages not sent yet", self.vitals.depth)
        age = _since(self.vitals.ready_since, self.vitals.at)
        yield _gauge("coedu_outbox_age_seconds", "Age of the oldest message that could go", age)
        yield _counter(
            "coedu_rate_limits", "Times the homeserver asked to wait", [], {(): self.turnstile.closings}
        )
        waited = {(): self.turnstile.closed_seconds}
        yield _counter("coedu_rate_limit_seconds", "Seconds it asked for", [], waited)


def _since(then: datetime | None, now: datetime) -> float:
    return max(0.0, (now - then).total_seconds()) if then is not None else 0.0


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def _by_one(counts: Mapping[str, int]) -> Mapping[tuple[str], int]:
    return {(name,): number for name, number in counts.items()}


def _counter(name: str, what: str, labels: list[str], values: Mapping[Any, float]) -> Metric:
    family = CounterMetricFamily(name, what, labels=labels)
    for key, value in sorted(values.items()):
        family.add_metric(list(key), value)
    return family


def _histogram(name: str, what: str, durations: Durations) -> Metric:
    buckets, below = [], 0
    for bound, count in zip([*map(str, BOUNDS), "+Inf"], durations.counts, strict=True):
        below += count
        buckets.append((bound, float(below)))
    return HistogramMetricFamily(name, what, buckets=buckets, sum_value=durations.total)
