"""The neutral data model: node and relation types, columns, ids and time.

This is what every storage model is derived from. A node is one row of ``nodes.parquet``, a
relation one row of ``edges.parquet``, a sample one row of ``timeseries/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pyarrow as pa

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
"""First instant of every dataset, a Monday: no window depends on today."""

DAY = timedelta(days=1)


class NodeType(StrEnum):
    """The nine node types; a Meter is a type of its own, not an Equipment."""

    SITE = "Site"
    BUILDING = "Building"
    FLOOR = "Floor"
    SPACE = "Space"
    ZONE = "Zone"
    TENANT = "Tenant"
    EQUIPMENT = "Equipment"
    METER = "Meter"
    POINT = "Point"


class Relation(StrEnum):
    """The eleven relation types."""

    CONTAINS = "CONTAINS"  # Site>Building>Floor>Space, Zone>Space
    ADJACENT_TO = "ADJACENT_TO"  # Space>Space, stored once per wall with src_id < dst_id
    LOCATED_IN = "LOCATED_IN"  # Equipment or Meter > Space
    HAS_PART = "HAS_PART"  # Equipment > Equipment, at most 3 deep
    HAS_POINT = "HAS_POINT"  # Site, Space, Equipment or Meter > Point; one owner per point
    SERVES = "SERVES"  # Equipment > Space or Zone
    FEEDS = "FEEDS"  # Meter>Meter, Meter>Equipment, Equipment>Equipment; acyclic, 10 hops at most
    CONTROLS = "CONTROLS"  # Equipment > Equipment
    MONITORS = "MONITORS"  # Equipment > Equipment or Space
    IS_METERED_BY = "IS_METERED_BY"  # Space, Equipment > Meter
    OCCUPIES = "OCCUPIES"  # Tenant > Space


_ANY_OWNER = (NodeType.SITE, NodeType.SPACE, NodeType.EQUIPMENT, NodeType.METER)

RELATION_ENDS: Mapping[Relation, frozenset[tuple[NodeType, NodeType]]] = {
    Relation.CONTAINS: frozenset(
        {
            (NodeType.SITE, NodeType.BUILDING),
            (NodeType.BUILDING, NodeType.FLOOR),
            (NodeType.FLOOR, NodeType.SPACE),
            (NodeType.ZONE, NodeType.SPACE),
        }
    ),
    Relation.ADJACENT_TO: frozenset({(NodeType.SPACE, NodeType.SPACE)}),
    Relation.LOCATED_IN: frozenset(
        {(NodeType.EQUIPMENT, NodeType.SPACE), (NodeType.METER, NodeType.SPACE)}
    ),
    Relation.HAS_PART: frozenset({(NodeType.EQUIPMENT, NodeType.EQUIPMENT)}),
    Relation.HAS_POINT: frozenset((owner, NodeType.POINT) for owner in _ANY_OWNER),
    Relation.SERVES: frozenset(
        {(NodeType.EQUIPMENT, NodeType.SPACE), (NodeType.EQUIPMENT, NodeType.ZONE)}
    ),
    Relation.FEEDS: frozenset(
        {
            (NodeType.METER, NodeType.METER),
            (NodeType.METER, NodeType.EQUIPMENT),
            (NodeType.EQUIPMENT, NodeType.EQUIPMENT),
        }
    ),
    Relation.CONTROLS: frozenset({(NodeType.EQUIPMENT, NodeType.EQUIPMENT)}),
    Relation.MONITORS: frozenset(
        {(NodeType.EQUIPMENT, NodeType.EQUIPMENT), (NodeType.EQUIPMENT, NodeType.SPACE)}
    ),
    Relation.IS_METERED_BY: frozenset(
        {(NodeType.SPACE, NodeType.METER), (NodeType.EQUIPMENT, NodeType.METER)}
    ),
    Relation.OCCUPIES: frozenset({(NodeType.TENANT, NodeType.SPACE)}),
}
"""What each relation may lead from and to; a relation between other types is damage."""


class Medium(StrEnum):
    """What flows along FEEDS."""

    ELECTRICITY = "electricity"
    CHILLED_WATER = "chilled_water"
    HOT_WATER = "hot_water"
    AIR = "air"
    DATA = "data"


class Role(StrEnum):
    """What a point is for."""

    SENSOR = "sensor"
    SETPOINT = "setpoint"
    COMMAND = "command"
    STATUS = "status"
    ALARM = "alarm"
    METER = "meter"


class Signal(StrEnum):
    """How a point's value behaves."""

    ANALOG = "analog"
    BINARY = "binary"
    COUNTER = "counter"
    EVENT = "event"


class Behaviour(StrEnum):
    """Which model simulates a point; the catalogue assigns one to each point of a type."""

    # Weather and grid, on the Site
    OUTDOOR_TEMPERATURE = "outdoor_temperature"
    OUTDOOR_HUMIDITY = "outdoor_humidity"
    SOLAR_IRRADIANCE = "solar_irradiance"
    WIND_SPEED = "wind_speed"
    WIND_DIRECTION = "wind_direction"
    OUTDOOR_DEW_POINT = "outdoor_dew_point"
    OUTDOOR_ILLUMINANCE = "outdoor_illuminance"
    BAROMETRIC_PRESSURE = "barometric_pressure"
    RAIN_RATE = "rain_rate"
    CARBON_INTENSITY = "carbon_intensity"
    # Of the space where the owner stands, or that it serves first
    ZONE_TEMPERATURE = "zone_temperature"
    ZONE_TEMPERATURE_SETPOINT = "zone_temperature_setpoint"
    ZONE_CO2 = "zone_co2"
    ZONE_HUMIDITY = "zone_humidity"
    PEOPLE_COUNT = "people_count"
    OCCUPANCY = "occupancy"
    ILLUMINANCE = "illuminance"
    ZONE_TVOC = "zone_tvoc"
    ZONE_PARTICULATES = "zone_particulates"
    SOUND_LEVEL = "sound_level"
    # Plant and terminal units, driven by demand
    SUPPLY_AIR_TEMPERATURE = "supply_air_temperature"
    RETURN_AIR_TEMPERATURE = "return_air_temperature"
    CHILLED_WATER_TEMPERATURE = "chilled_water_temperature"
    HOT_WATER_TEMPERATURE = "hot_water_temperature"
    HEATING_VALVE = "heating_valve"
    COOLING_VALVE = "cooling_valve"
    DAMPER_POSITION = "damper_position"
    FAN_SPEED = "fan_speed"
    AIR_FLOW = "air_flow"
    WATER_FLOW = "water_flow"
    PRESSURE = "pressure"
    MIXED_AIR_TEMPERATURE = "mixed_air_temperature"
    EXHAUST_AIR_TEMPERATURE = "exhaust_air_temperature"
    CHILLED_WATER_RETURN_TEMPERATURE = "chilled_water_return_temperature"
    HOT_WATER_RETURN_TEMPERATURE = "hot_water_return_temperature"
    CONDENSER_WATER_TEMPERATURE = "condenser_water_temperature"
    COMPRESSOR_LOAD = "compressor_load"
    FIRING_RATE = "firing_rate"
    COEFFICIENT_OF_PERFORMANCE = "coefficient_of_performance"
    THERMAL_POWER = "thermal_power"
    HUMIDIFIER_OUTPUT = "humidifier_output"
    PUMP_SPEED = "pump_speed"
    FILTER_PRESSURE_DROP = "filter_pressure_drop"
    RUN_HOURS = "run_hours"
    START_COUNT = "start_count"
    GAS_TOTAL = "gas_total"
    RUN_STATUS = "run_status"
    SETPOINT = "setpoint"  # a schedule of two levels around the `nominal` property
    # Electricity
    ACTIVE_POWER = "active_power"
    ENERGY_INTERVAL = "energy_interval"
    ENERGY_TOTAL = "energy_total"
    VOLTAGE = "voltage"
    CURRENT = "current"
    POWER_FACTOR = "power_factor"
    APPARENT_POWER = "apparent_power"
    REACTIVE_POWER = "reactive_power"
    FREQUENCY = "frequency"
    HARMONIC_DISTORTION = "harmonic_distortion"
    PEAK_DEMAND = "peak_demand"
    BATTERY_CHARGE = "battery_charge"
    # IT
    RACK_INLET_TEMPERATURE = "rack_inlet_temperature"
    CPU_LOAD = "cpu_load"
    DEVICE_TEMPERATURE = "device_temperature"
    NETWORK_THROUGHPUT = "network_throughput"
    MEMORY_LOAD = "memory_load"
    DISK_USE = "disk_use"
    ERROR_COUNT = "error_count"
    # Lighting, security and the rest
    LIGHT_LEVEL = "light_level"
    LIGHT_STATUS = "light_status"
    ACCESS_EVENT = "access_event"
    DOOR_STATUS = "door_status"
    MOTION = "motion"
    ALARM = "alarm"
    TRIP_COUNTER = "trip_counter"
    TANK_LEVEL = "tank_level"
    LIFT_FLOOR = "lift_floor"
    LIFT_LOAD = "lift_load"
    LIFT_DIRECTION = "lift_direction"
    WATER_DRAW = "water_draw"
    WATER_TOTAL = "water_total"
    PARKING_OCCUPIED = "parking_occupied"
    CARBON_MONOXIDE = "carbon_monoxide"
    BLIND_POSITION = "blind_position"
    SLAT_ANGLE = "slat_angle"
    LOCK_STATUS = "lock_status"
    WINDOW_STATUS = "window_status"
    SAFETY_DAMPER = "safety_damper"
    WATER_PRESSURE = "water_pressure"
    WATER_PUMP_SPEED = "water_pump_speed"
    TANK_TEMPERATURE = "tank_temperature"
    PARKING_ENTRIES = "parking_entries"
    CAR_PARK_FAN = "car_park_fan"


class EndUse(StrEnum):
    """What the energy behind a meter is used for."""

    HVAC = "hvac"
    LIGHTING = "lighting"
    PLUGS = "plugs"
    IT = "it"
    TOTAL = "total"


NODE_COLUMNS = (
    "id",
    "type",
    "name",
    "building_id",
    "floor_id",
    "space_id",
    "equipment_type",
    "domain",
    "space_type",
    "zone_kind",
    "end_use",
    "brick_class",
    "point_type",
    "quantity",
    "unit",
    "role",
    "signal",
    "properties",
)

NODE_SCHEMA = pa.schema(
    [
        pa.field(name, pa.string(), nullable=name not in ("id", "type", "name"))
        for name in NODE_COLUMNS
    ]
)
"""One row per node; columns that do not apply are null; `properties` is a JSON object or null."""

EDGE_SCHEMA = pa.schema(
    [
        pa.field("src_id", pa.string(), nullable=False),
        pa.field("dst_id", pa.string(), nullable=False),
        pa.field("rel_type", pa.string(), nullable=False),
        pa.field("medium", pa.string()),
        pa.field("properties", pa.string()),
    ]
)
"""One row per relation; `medium` on FEEDS only."""

TIME_TYPE = pa.timestamp("ms", tz="UTC")

SERIES_SCHEMA = pa.schema(
    [
        pa.field("time", TIME_TYPE, nullable=False),
        pa.field("point_id", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
    ]
)
"""One row per sample, sorted by (point_id, time) inside a file."""
