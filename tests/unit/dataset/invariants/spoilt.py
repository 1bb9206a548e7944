"""Faults seeded into a dataset, each with the invariants that must tell of it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from basetype_benchmark.dataset.manifest import FaultKind, SensorFault
from tests.unit.dataset.invariants.spoiling import DAYS, Copy

HOLIDAY, WORKED = DAYS


@dataclass(frozen=True)
class Fault:
    """A fault, and the invariants that notice it: those and no others."""

    seed: Callable[[Copy], None]
    noticed_by: frozenset[str]

    @property
    def label(self) -> str:
        """Readable name for a parametrised test."""
        return self.seed.__name__


def room_of(copy: Copy, behaviour: str) -> list[str]:
    """Points of a behaviour in the room of the first people counter that has some."""
    rooms = copy.nodes.filter(pl.col("id").is_in(copy.points("people_count")))["space_id"]
    for room in rooms.sort():
        found = copy.points(behaviour, space_id=room)
        if found:
            return found
    raise AssertionError(f"no room has people and {behaviour}")


def planted(copy: Copy, kind: FaultKind) -> SensorFault:
    return next(fault for fault in copy.planted.sensor_faults if fault.kind is kind)


def lively(copy: Copy, behaviour: str) -> tuple[str, int]:
    """A point and the number of a sample that differs much from both its neighbours."""
    for point_id in copy.points(behaviour):
        values = copy.samples(WORKED).filter(pl.col("point_id") == point_id)["value"].to_numpy()
        change = np.abs(np.diff(values))
        far = np.minimum(change[:-1], change[1:]) > 5 * copy.property(point_id, "deadband")
        if far.any():
            return point_id, int(np.flatnonzero(far)[0]) + 1
    raise AssertionError(f"no {behaviour} changes much")


def leaf_meter(copy: Copy) -> str:
    return copy.nodes.filter(
        pl.col("type") == "Meter",
        pl.col("properties").str.json_path_match("$.level") == "leaf",
        pl.col("end_use") == "plugs",
    )["id"][0]


def feeds_in_a_circle(copy: Copy) -> None:
    flows = copy.edges.filter(pl.col("rel_type") == "FEEDS", pl.col("medium") == "data")
    copy.relate("FEEDS", flows["dst_id"][0], flows["src_id"][0], "data")


def feeds_over_many_hops(copy: Copy) -> None:
    luminaires = copy.nodes.filter(
        pl.col("equipment_type") == "luminaire_group", ~pl.col("id").is_in(copy.planted.ghosts)
    )["id"].sort()
    for source, target in pairwise(luminaires[:12]):
        copy.relate("FEEDS", source, target, "data")


def part_of_two_wholes(copy: Copy) -> None:
    parts = copy.edges.filter(pl.col("rel_type") == "HAS_PART")
    other = parts.filter(pl.col("src_id") != parts["src_id"][0])["src_id"][0]
    copy.relate("HAS_PART", other, parts["dst_id"][0])


def point_with_two_owners(copy: Copy) -> None:
    owned = copy.edges.filter(pl.col("rel_type") == "HAS_POINT")
    copy.relate("HAS_POINT", owned["src_id"].max(), owned["dst_id"][0])


def meter_of_two_tenants(copy: Copy) -> None:
    leases = copy.edges.filter(pl.col("rel_type") == "OCCUPIES")
    first = leases.filter(pl.col("src_id") == leases["src_id"].min())["dst_id"][0]
    second = leases.filter(pl.col("src_id") == leases["src_id"].max())["dst_id"][0]
    meters = copy.edges.filter(pl.col("rel_type") == "IS_METERED_BY", pl.col("src_id") == first)
    copy.relate("IS_METERED_BY", second, meters["dst_id"][0])


def ghost_that_watches(copy: Copy) -> None:
    space = copy.nodes.filter(pl.col("type") == "Space")["id"][0]
    copy.relate("MONITORS", copy.planted.ghosts[0], space)


def ghost_too_many(copy: Copy) -> None:
    ghost = copy.nodes.filter(pl.col("id") == copy.planted.ghosts[0])
    ghost_id = copy.planted.ghosts[0] + "9"
    copy.nodes = pl.concat([copy.nodes, ghost.with_columns(id=pl.lit(ghost_id))]).sort("id")
    copy.relate("LOCATED_IN", ghost_id, ghost["space_id"][0])
    copy.planted = copy.planted.model_copy(update={"ghosts": [*copy.planted.ghosts, ghost_id]})


def fault_of_what_cannot_fail(copy: Copy) -> None:
    fault = SensorFault(
        point_id=copy.points("light_level")[0], kind=FaultKind.BIAS, amount=5.0, unit="%"
    )
    faults = [*copy.planted.sensor_faults, fault]
    copy.planted = copy.planted.model_copy(update={"sensor_faults": faults})


def two_samples_at_once(copy: Copy) -> None:
    point_id, number = lively(copy, "illuminance")
    time = pl.col("time").shift(1).over("point_id")
    hit = (pl.col("point_id") == point_id) & (pl.int_range(pl.len()).over("point_id") == number)
    at_once = pl.when(hit).then(time).otherwise("time").alias("time")
    copy.change(WORKED, lambda frame: frame.with_columns(at_once))


def late_sample(copy: Copy) -> None:
    point_id, number = lively(copy, "illuminance")
    hit = (pl.col("point_id") == point_id) & (pl.int_range(pl.len()).over("point_id") == number)
    late = pl.when(hit).then(pl.col("time") + pl.duration(seconds=30)).otherwise("time")
    copy.change(WORKED, lambda frame: frame.with_columns(late.alias("time")))


def late_meter(copy: Copy) -> None:
    point_id = copy.points("voltage", role="meter")[0]
    late = (
        pl.when(pl.col("point_id") == point_id)
        .then(pl.col("time") + pl.duration(milliseconds=1))
        .otherwise("time")
    )
    copy.change(WORKED, lambda frame: frame.with_columns(late.alias("time")))


def lost_first_sample(copy: Copy) -> None:
    copy.lose(WORKED, copy.points("illuminance")[0], 0)


def lost_meter_sample(copy: Copy) -> None:
    copy.lose(WORKED, copy.points("energy_interval", role="meter")[0], 40)


def silent_for_hours(copy: Copy) -> None:
    """Longer than any gap of communication."""
    copy.lose(WORKED, copy.points("alarm")[0], 10, 20)


def silent_for_a_moment(copy: Copy) -> None:
    """Shorter than any gap of communication: a point of every minute that loses two heartbeats."""
    frame = copy.samples(WORKED).filter(pl.col("point_id").is_in(copy.points("motion")))
    beats = frame.with_columns(
        gap_s=pl.col("time").diff(2).over("point_id").dt.total_seconds(),
        number=pl.int_range(pl.len()).over("point_id"),
    ).filter(pl.col("gap_s").is_between(700, 880))
    copy.lose(WORKED, beats["point_id"][0], beats["number"][0] - 1)


def needless_sample(copy: Copy) -> None:
    point_id = copy.points("alarm")[0]
    frame = copy.samples(WORKED).filter(pl.col("point_id") == point_id)
    interval = pl.duration(seconds=int(copy.property(point_id, "interval_s")))
    more = frame[5:6].with_columns(time=pl.col("time") + interval)
    copy.change(WORKED, lambda all_: pl.concat([all_, more]).sort("point_id", "time"))


def gaps_too_rare(copy: Copy) -> None:
    copy.planted = copy.planted.model_copy(update={"gap_rate": 0.2})


def value_between_ticks(copy: Copy) -> None:
    point_id, number = lively(copy, "illuminance")
    value = copy.samples(WORKED).filter(pl.col("point_id") == point_id)["value"][number]
    copy.set_value(WORKED, point_id, number, value + 0.3)


def value_out_of_bounds(copy: Copy) -> None:
    copy.set_value(WORKED, copy.points("illuminance")[0], 40, 150_000.0)


def sub_meter_with_other_energy(copy: Copy) -> None:
    """One kWh more in one interval, that its counter and its power show as well."""
    meter = leaf_meter(copy)
    copy.set_value(
        WORKED, f"{meter}.energy_interval", 40, _value(copy, f"{meter}.energy_interval", 40) + 1.0
    )
    power = f"{meter}.active_power"
    copy.set_value(WORKED, power, 40, _value(copy, power, 40) + 4.0)
    total = pl.col("point_id") == f"{meter}.energy_total"
    later = pl.int_range(pl.len()).over("point_id") > 40
    more = pl.when(total & later).then(pl.col("value") + 1.0).otherwise("value").round(4)
    copy.change(WORKED, lambda frame: frame.with_columns(more.alias("value")))


def sub_meter_that_stands_still(copy: Copy) -> None:
    """Nor does it count; those above it still show what it took."""
    meter = leaf_meter(copy)
    for day in DAYS:
        for key in ("energy_interval", "energy_total", "active_power"):
            one = pl.col("point_id") == f"{meter}.{key}"
            still = pl.when(one).then(0.0).otherwise("value").alias("value")
            copy.change(day, lambda frame, still=still: frame.with_columns(still))


def counter_that_falls(copy: Copy) -> None:
    counters = copy.samples(WORKED).filter(pl.col("point_id").is_in(copy.points("trip_counter")))
    point_id = counters.sort("value")["point_id"][-1]
    last = counters.filter(pl.col("point_id") == point_id)
    copy.set_value(WORKED, point_id, last.height - 1, last["value"][-1] - 3.0)


def counter_that_falls_at_midnight(copy: Copy) -> None:
    copy.shift(HOLIDAY, copy.points("trip_counter")[0], 1000.0)


def counter_that_jumps_at_midnight(copy: Copy) -> None:
    copy.shift(WORKED, f"{leaf_meter(copy)}.energy_total", 5.0)


def counter_with_other_energy(copy: Copy) -> None:
    total = f"{leaf_meter(copy)}.energy_total"
    copy.set_value(WORKED, total, 60, _value(copy, total, 60) + 0.001)


def power_with_other_energy(copy: Copy) -> None:
    power = f"{leaf_meter(copy)}.active_power"
    copy.set_value(WORKED, power, 40, _value(copy, power, 40) + 1.0)


def _value(copy: Copy, point_id: str, number: int) -> float:
    frame = copy.samples(WORKED).filter(pl.col("point_id") == point_id)
    return float(frame["value"][number])


def people_on_a_holiday(copy: Copy) -> None:
    for point_id in copy.points("people_count"):
        copy.shift(HOLIDAY, point_id, 30.0)


def badges_denied(copy: Copy) -> None:
    badges = pl.col("point_id").is_in(copy.points("access_event"))
    denied = pl.when(badges).then(0.0).otherwise("value").alias("value")
    copy.change(WORKED, lambda frame: frame.with_columns(denied))


def badges_at_night(copy: Copy) -> None:
    """Half a day after they were, each reader's still in order."""
    badges = pl.col("point_id").is_in(copy.points("access_event"))
    ahead = pl.when(pl.col("time").dt.hour() < 12).then(12).otherwise(-12)
    moved = pl.col("time") + ahead * pl.duration(hours=1)
    later = pl.when(badges).then(moved).otherwise("time").alias("time")
    copy.change(WORKED, lambda frame: frame.with_columns(later).sort("point_id", "time"))


def co2_that_falls_with_people(copy: Copy) -> None:
    """Mirrored, so that it changes as often and by as much."""
    sensors = pl.col("point_id").is_in(room_of(copy, "zone_co2"))
    mirrored = pl.when(sensors).then(1500.0 - pl.col("value")).otherwise("value").alias("value")
    copy.change(WORKED, lambda frame: frame.with_columns(mirrored))


def co2_that_stays_at_night(copy: Copy) -> None:
    """Rises from 20 h on as it fell."""
    sensors = pl.col("point_id").is_in(room_of(copy, "zone_co2"))
    evening = sensors & (pl.col("time").dt.hour() >= 20)
    first = pl.col("value").filter(evening).first().over("point_id")
    back = pl.when(evening).then(2 * first - pl.col("value")).otherwise("value").alias("value")
    copy.change(WORKED, lambda frame: frame.with_columns(back))


def rooms_too_warm(copy: Copy) -> None:
    for point_id in copy.points("zone_temperature"):
        copy.shift(WORKED, point_id, 4.0)


def sound_sensor_off(copy: Copy) -> None:
    wrong = {fault.point_id for fault in copy.planted.sensor_faults}
    sensors = [p for p in copy.points("hot_water_temperature") if p not in wrong]
    for day in DAYS:
        copy.shift(day, next(p for p in sensors if ".vav" in p), 4.0)


def bias_mended(copy: Copy) -> None:
    fault = planted(copy, FaultKind.BIAS)
    for day in DAYS:
        copy.shift(day, fault.point_id, -fault.amount)


def drift_mended(copy: Copy) -> None:
    """Needs a week."""
    fault = planted(copy, FaultKind.DRIFT)
    for day in range(7):
        copy.shift(day, fault.point_id, -round(fault.amount * day, 1))


def floating_input_tied(copy: Copy) -> None:
    """As unsteady as before, around what its quantity can be."""
    fault = planted(copy, FaultKind.FLOATING)
    for day in DAYS:
        copy.shift(day, fault.point_id, 50.0)


def _fault(seed: Callable[[Copy], None], *noticed_by: str) -> Fault:
    return Fault(seed, frozenset(noticed_by))


FAULTS = [
    _fault(feeds_in_a_circle, "feeds-is-acyclic"),
    _fault(feeds_over_many_hops, "feeds-chains-are-short"),
    _fault(part_of_two_wholes, "parts-nest-three-deep"),
    _fault(point_with_two_owners, "points-have-one-owner"),
    _fault(meter_of_two_tenants, "tenant-meters-meter-one-tenant"),
    _fault(ghost_that_watches, "ghosts-are-only-located"),
    _fault(ghost_too_many, "ghosts-are-at-the-stated-rate"),
    _fault(fault_of_what_cannot_fail, "sensor-faults-are-planted-as-stated"),
    _fault(two_samples_at_once, "times-rise-within-the-day"),
    _fault(late_sample, "samples-come-when-the-point-is-read"),
    _fault(late_meter, "meters-report-every-interval"),
    _fault(lost_first_sample, "every-point-reports-every-day"),
    _fault(lost_meter_sample, "meters-report-every-interval"),
    _fault(silent_for_hours, "silences-are-communication-gaps"),
    _fault(silent_for_a_moment, "silences-are-communication-gaps"),
    _fault(needless_sample, "neighbours-differ-or-are-a-heartbeat-apart"),
    _fault(gaps_too_rare, "communication-gaps-are-at-the-stated-rate"),
    _fault(value_between_ticks, "values-are-multiples-of-the-resolution"),
    _fault(value_out_of_bounds, "values-are-within-physical-bounds"),
    _fault(sub_meter_with_other_energy, "meter-tree-balances"),
    _fault(sub_meter_that_stands_still, "every-meter-measures-something", "meter-tree-balances"),
    _fault(counter_that_falls, "counters-never-fall"),
    _fault(counter_that_falls_at_midnight, "counters-never-fall"),
    _fault(counter_that_jumps_at_midnight, "counters-agree-with-intervals"),
    _fault(counter_with_other_energy, "counters-agree-with-intervals"),
    _fault(power_with_other_energy, "power-agrees-with-energy"),
    _fault(people_on_a_holiday, "people-come-on-working-days"),
    _fault(badges_denied, "badges-follow-the-people"),
    _fault(badges_at_night, "badges-follow-the-people"),
    _fault(co2_that_falls_with_people, "co2-follows-the-people"),
    _fault(co2_that_stays_at_night, "co2-follows-the-people"),
    _fault(rooms_too_warm, "occupied-rooms-are-held-near-the-setpoint"),
    _fault(sound_sensor_off, "sensors-agree-with-their-peers"),
    _fault(bias_mended, "biased-sensors-deviate"),
    _fault(floating_input_tied, "floating-sensors-leave-the-bounds", "floating-sensors-vary-most"),
]
OVER_A_WEEK = [_fault(drift_mended, "drifting-sensors-drift")]
