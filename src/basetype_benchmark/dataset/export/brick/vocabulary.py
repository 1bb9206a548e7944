"""What of the data model is called what in Brick 1.5, RealEstateCore and QUDT: data, no behaviour.

Names carry the prefixes of `PREFIXES`. That they are in Brick, and mean what is stated here, is
tested against the ontology that the `brickschema` package ships.
"""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.model import NodeType, Role

PREFIXES: Mapping[str, str] = {
    "brick": rdf.BRICK,
    "btb": rdf.VOCABULARY,
    "id": rdf.ID_BASE,
    "quantitykind": "http://qudt.org/vocab/quantitykind/",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rec": rdf.REC,
    "ref": "https://brickschema.org/schema/Brick/ref#",
    "unit": "http://qudt.org/vocab/unit/",
}

DEFAULT_CLASSES: Mapping[str, str] = {
    NodeType.SITE: "rec:Site",
    NodeType.BUILDING: "rec:Building",
    NodeType.FLOOR: "rec:Level",
    NodeType.SPACE: "rec:Room",
    NodeType.ZONE: "rec:Zone",
    NodeType.TENANT: "rec:Organization",
    NodeType.EQUIPMENT: "brick:Equipment",
    NodeType.METER: "brick:Meter",
    NodeType.POINT: "brick:Point",
}
"""Class of a node that states none."""

DEFAULT_POINT_CLASSES: Mapping[str, str] = {
    Role.SENSOR: "brick:Sensor",
    Role.SETPOINT: "brick:Setpoint",
    Role.COMMAND: "brick:Command",
    Role.STATUS: "brick:Status",
    Role.ALARM: "brick:Alarm",
    Role.METER: "brick:Sensor",
}
"""Class of a point that states none, by its role."""

ALIASES: Mapping[str, str] = {
    "Air_Handling_Unit": "AHU",
    "Computer_Room_Air_Conditioning": "CRAC",
    "Fan_Coil_Unit": "FCU",
    "Heat_Exchanger": "HX",
    "Network_Video_Recorder": "NVR",
    "Supply_Fan": "Discharge_Fan",
    "Variable_Air_Volume_Box": "VAV",
    "Variable_Air_Volume_Box_With_Reheat": "RVAV",
}
"""Brick's other name for a class of equipment; of several, the one that people use.

The hierarchy alone does not lead from one to the other: a box with reheat is below ``brick:VAV``
only as ``brick:RVAV``.
"""

CONTROLLER = "brick:Controller"
CONTROLLERS = frozenset({CONTROLLER, "brick:BACnet_Controller", "brick:Modbus_Controller"})
"""The only classes whose instances may control something, by Brick's shapes."""

CONDITIONERS = frozenset(
    {
        "brick:AHU",
        "brick:Air_Handling_Unit",
        "brick:CRAC",
        "brick:Computer_Room_Air_Conditioning",
        "brick:FCU",
        "brick:Fan_Coil_Unit",
        "brick:Hot_Water_Radiator",
        "brick:RVAV",
        "brick:VAV",
        "brick:Variable_Air_Volume_Box",
        "brick:Variable_Air_Volume_Box_With_Reheat",
    }
)
"""Classes that send air or heat into what they serve."""

HVAC_EQUIPMENT = frozenset(
    {
        "brick:AHU",
        "brick:Air_Handling_Unit",
        "brick:Booster_Pump",
        "brick:CRAC",
        "brick:Chilled_Water_Pump",
        "brick:Compressor",
        "brick:Computer_Room_Air_Conditioning",
        "brick:Condenser_Water_Pump",
        "brick:Condensing_Natural_Gas_Boiler",
        "brick:Cooling_Coil",
        "brick:Cooling_Tower",
        "brick:Damper",
        "brick:Discharge_Fan",
        "brick:Domestic_Hot_Water_Circulator_Pump",
        "brick:Exhaust_Fan",
        "brick:FCU",
        "brick:Fan_Coil_Unit",
        "brick:Filter",
        "brick:HX",
        "brick:Heat_Exchanger",
        "brick:Heat_Wheel",
        "brick:Heating_Coil",
        "brick:Hot_Water_Pump",
        "brick:Hot_Water_Radiator",
        "brick:Humidifier",
        "brick:RVAV",
        "brick:Return_Fan",
        "brick:Supply_Fan",
        "brick:Thermostat",
        "brick:Transfer_Fan",
        "brick:VAV",
        "brick:Variable_Air_Volume_Box",
        "brick:Variable_Air_Volume_Box_With_Reheat",
        "brick:Water_Cooled_Chiller",
        "brick:Water_Pump",
    }
)
"""Classes below ``brick:HVAC_Equipment``: by Brick's shapes it feeds its like and places only."""

UNITS: Mapping[str, str] = {
    "%": "unit:PERCENT",
    "A": "unit:A",
    "Hz": "unit:HZ",
    "Mbit/s": "unit:MegaBIT-PER-SEC",
    "Pa": "unit:PA",
    "V": "unit:V",
    "W/m2": "unit:W-PER-M2",
    "dB": "unit:DeciB",
    "gCO2/kWh": "btb:gCO2-PER-KiloW-HR",  # QUDT has no grams per kilowatt hour
    "h": "unit:HR",
    "hPa": "unit:HectoPA",
    "kPa": "unit:KiloPA",
    "kVA": "unit:KiloVA",
    "kW": "unit:KiloW",
    "kWh": "unit:KiloW-HR",
    "kvar": "unit:KiloVAR",
    "lx": "unit:LUX",
    "m/s": "unit:M-PER-SEC",
    "m3": "unit:M3",
    "m3/h": "unit:M3-PER-HR",
    "mm/h": "unit:MilliM-PER-HR",
    "ppb": "unit:PPB",
    "ppm": "unit:PPM",
    "ug/m3": "unit:MicroGM-PER-M3",
    "°": "unit:DEG",
    "°C": "unit:DEG_C",
}

QUANTITIES: Mapping[str, str | None] = {
    "access": None,
    "alarm": None,
    "apparent_power": "quantitykind:ApparentPower",
    "carbon_intensity": "quantitykind:MassPerEnergy",
    "carbon_monoxide": "brick:CO_Concentration",
    "co2": "brick:CO2_Concentration",
    "count": "quantitykind:Count",
    "current": "quantitykind:ElectricCurrent",
    "direction": "brick:Wind_Direction",
    "distortion": "quantitykind:DimensionlessRatio",
    "duration": "quantitykind:Time",
    "efficiency": "quantitykind:CoefficientOfPerformance",
    "energy": "quantitykind:Energy",
    "flow": "quantitykind:VolumeFlowRate",
    "frequency": "quantitykind:Frequency",
    "humidity": "quantitykind:RelativeHumidity",
    "illuminance": "quantitykind:Illuminance",
    "irradiance": "brick:Solar_Irradiance",
    "level": "quantitykind:DimensionlessRatio",  # brick:Level is a length, ours is a share
    "load": "quantitykind:DimensionlessRatio",
    "motion": None,
    "occupancy": "brick:Occupancy",
    "particulates": "brick:Air_Quality",
    "position": "brick:Position",
    "power": "quantitykind:Power",
    "power_factor": "quantitykind:PowerFactor",
    "pressure": "quantitykind:Pressure",
    "rain": "quantitykind:LinearVelocity",  # brick:Precipitation is a length, ours is a rate
    "reactive_power": "quantitykind:ReactivePower",
    "sound": "quantitykind:SoundPressureLevel",
    "speed": "brick:Speed",
    "status": None,
    "temperature": "quantitykind:Temperature",
    "throughput": "quantitykind:DataRate",
    "tvoc": "brick:TVOC_Concentration",
    "voltage": "quantitykind:Voltage",
    "volume": "quantitykind:Volume",
}
"""None for what is a state or an event, not a quantity."""

QUANTITIES_BY_UNIT: Mapping[tuple[str, str], str] = {
    ("speed", "%"): "quantitykind:DimensionlessRatio",
    ("speed", "m/s"): "brick:Linear_Speed",
}
"""Where the unit tells more than the quantity; it goes before `QUANTITIES`."""
