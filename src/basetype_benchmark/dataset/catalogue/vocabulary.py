"""The words a catalogue may use: domains, schedules, quantities and their units."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Domain(StrEnum):
    """Trades of a building."""

    HVAC = "hvac"
    ELECTRICAL = "electrical"
    LIGHTING = "lighting"
    IT = "it"
    SECURITY = "security"
    FIRE = "fire"
    PLUMBING = "plumbing"
    ELEVATOR = "elevator"
    PARKING = "parking"
    AV = "av"
    SENSING = "sensing"
    METERING = "metering"


class Schedule(StrEnum):
    """When a space is in use."""

    OFFICE = "office"  # working hours of weekdays
    MEETING = "meeting"  # working hours, in blocks
    COMMON = "common"  # passing people, while anybody is in the building
    DINING = "dining"  # around noon
    SERVER_ROOM = "server_room"  # day and night, without people
    TECHNICAL = "technical"  # plant: unoccupied but for rare visits


class Quantity(StrEnum):
    """What a point measures, sets or tells."""

    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    CO2 = "co2"
    IRRADIANCE = "irradiance"
    ILLUMINANCE = "illuminance"
    SPEED = "speed"
    PRESSURE = "pressure"
    FLOW = "flow"
    POSITION = "position"
    POWER = "power"
    ENERGY = "energy"
    VOLTAGE = "voltage"
    CURRENT = "current"
    POWER_FACTOR = "power_factor"
    LEVEL = "level"
    LOAD = "load"
    THROUGHPUT = "throughput"
    COUNT = "count"
    OCCUPANCY = "occupancy"
    MOTION = "motion"
    STATUS = "status"
    ALARM = "alarm"
    ACCESS = "access"
    CARBON_INTENSITY = "carbon_intensity"
    TVOC = "tvoc"
    PARTICULATES = "particulates"
    CARBON_MONOXIDE = "carbon_monoxide"
    SOUND = "sound"
    DIRECTION = "direction"
    RAIN = "rain"
    VOLUME = "volume"
    DURATION = "duration"
    FREQUENCY = "frequency"
    APPARENT_POWER = "apparent_power"
    REACTIVE_POWER = "reactive_power"
    DISTORTION = "distortion"
    EFFICIENCY = "efficiency"


UNITS: Mapping[Quantity, tuple[str | None, ...]] = {
    Quantity.TEMPERATURE: ("°C",),
    Quantity.HUMIDITY: ("%",),
    Quantity.CO2: ("ppm",),
    Quantity.IRRADIANCE: ("W/m2",),
    Quantity.ILLUMINANCE: ("lx",),
    Quantity.SPEED: ("m/s", "%"),
    Quantity.PRESSURE: ("Pa", "hPa", "kPa"),
    Quantity.FLOW: ("m3/h",),
    Quantity.POSITION: ("%",),
    Quantity.POWER: ("kW",),
    Quantity.ENERGY: ("kWh",),
    Quantity.VOLTAGE: ("V",),
    Quantity.CURRENT: ("A",),
    Quantity.POWER_FACTOR: (None,),
    Quantity.LEVEL: ("%",),
    Quantity.LOAD: ("%",),
    Quantity.THROUGHPUT: ("Mbit/s",),
    Quantity.COUNT: (None,),
    Quantity.OCCUPANCY: (None,),
    Quantity.MOTION: (None,),
    Quantity.STATUS: (None,),
    Quantity.ALARM: (None,),
    Quantity.ACCESS: (None,),
    Quantity.CARBON_INTENSITY: ("gCO2/kWh",),
    Quantity.TVOC: ("ppb",),
    Quantity.PARTICULATES: ("ug/m3",),
    Quantity.CARBON_MONOXIDE: ("ppm",),
    Quantity.SOUND: ("dB",),
    Quantity.DIRECTION: ("°",),
    Quantity.RAIN: ("mm/h",),
    Quantity.VOLUME: ("m3",),
    Quantity.DURATION: ("h",),
    Quantity.FREQUENCY: ("Hz",),
    Quantity.APPARENT_POWER: ("kVA",),
    Quantity.REACTIVE_POWER: ("kvar",),
    Quantity.DISTORTION: ("%",),
    Quantity.EFFICIENCY: (None,),
}
"""The units that each quantity may be given in; None: the quantity has no unit."""

HAYSTACK_ROLES: Mapping[str, str] = {
    "sensor": "sensor",
    "setpoint": "sp",
    "command": "cmd",
    "status": "sensor",
    "alarm": "alarm",
    "meter": "sensor",
}
"""The Project Haystack marker of each role of a point."""
