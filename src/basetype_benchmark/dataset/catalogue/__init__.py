"""The equipment catalogue: what a building is made of, as validated YAML files beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from basetype_benchmark.config.yaml_files import Problems, read_yaml
from basetype_benchmark.dataset.catalogue.reading import read_folder
from basetype_benchmark.dataset.catalogue.references import (
    check_buildings,
    check_equipment,
    check_spaces,
)
from basetype_benchmark.dataset.catalogue.schema import (
    BuildingType,
    EquipmentType,
    MeterType,
    SiteType,
    SpaceType,
)
from basetype_benchmark.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All types, by name. Every name that one type gives of another exists."""

    equipment: Mapping[str, EquipmentType]
    spaces: Mapping[str, SpaceType]
    buildings: Mapping[str, BuildingType]
    meter: MeterType
    site: SiteType


@cache
def default_catalogue() -> Catalogue:
    """Give the catalogue that ships with the package."""
    return load_catalogue(Path(str(files(__name__))))


def load_catalogue(folder: Path) -> Catalogue:
    """Read a catalogue: ``equipment/<domain>/``, ``spaces/``, ``buildings/``, two single files.

    Raises:
        ConfigError: at least one file is wrong; every mistake of every file is listed with the
            file's path, the key and what was expected.
    """
    problems = Problems()
    equipment = read_folder(folder / "equipment", EquipmentType, "type", problems)
    spaces = read_folder(folder / "spaces", SpaceType, "type", problems)
    buildings = read_folder(folder / "buildings", BuildingType, "archetype", problems)
    meter = read_yaml(folder / "meter.yaml", MeterType, problems)
    site = read_yaml(folder / "site.yaml", SiteType, problems)
    check_equipment(equipment, problems)
    check_spaces(spaces, equipment, problems)
    check_buildings(buildings, spaces, equipment, problems)
    if problems.lines or meter is None or site is None:
        raise ConfigError(f"the catalogue has mistakes: {'; '.join(problems.lines)}")
    return Catalogue(
        equipment=equipment.entries,
        spaces=spaces.entries,
        buildings=buildings.entries,
        meter=meter,
        site=site,
    )
