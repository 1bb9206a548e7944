"""A catalogue is read whole or refused with all its mistakes."""

import shutil
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

from basetype_benchmark.dataset.catalogue import default_catalogue, load_catalogue
from basetype_benchmark.dataset.catalogue.schema import json_schema
from basetype_benchmark.errors import ConfigError

SHIPPED = Path(str(files("basetype_benchmark.dataset.catalogue")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped catalogue, to be spoilt."""
    for name in ("equipment", "spaces", "buildings"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    for name in ("meter.yaml", "site.yaml"):
        shutil.copy(SHIPPED / name, tmp_path / name)
    return tmp_path


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_catalogue(folder)
    return str(caught.value)


def test_the_shipped_catalogue_has_the_trades_of_a_building() -> None:
    catalogue = default_catalogue()
    assert len(catalogue.equipment) >= 30
    assert {kind.domain.value for kind in catalogue.equipment.values()} >= {
        "hvac",
        "electrical",
        "lighting",
        "it",
        "security",
        "fire",
    }


def test_an_untouched_copy_equals_the_shipped_catalogue(folder: Path) -> None:
    assert load_catalogue(folder) == default_catalogue()


def test_an_unknown_key_is_refused_with_path_and_key(folder: Path) -> None:
    path = folder / "equipment/hvac/fcu.yaml"
    spoil(path, "nominal_kw:", "nominal_kv:")
    message = refusal(folder)
    assert f"{path}: nominal_kv: is not a key of this file" in message
    assert f"{path}: nominal_kw: must be given" in message
    assert "\n" not in message


def test_a_wrong_value_says_what_was_expected(folder: Path) -> None:
    spoil(folder / "equipment/hvac/fcu.yaml", "behaviour: air_flow", "behaviour: breeze")
    message = refusal(folder)
    assert "fcu.yaml: points.2.behaviour: Input should be" in message
    assert "'air_flow'" in message


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("equipment/hvac/fcu.yaml", "unit: '°C'", "unit: kWh", "unit of temperature must be °C"),
        ("equipment/hvac/fcu.yaml", "type: fcu", "type: fan_coil", "type: must be the name of"),
        (
            "equipment/hvac/fcu.yaml",
            "domain: hvac",
            "domain: it",
            "domain: must be the name of the folder",
        ),
        ("equipment/hvac/fcu.yaml", "key: return_air_temp", "key: supply_air_temp", "given twice"),
        ("equipment/hvac/fcu.yaml", "interval_s: 300", "interval_s: 0", "must be 0 for events"),
        ("equipment/hvac/fcu.yaml", "heartbeat_s: 600", "heartbeat_s: 1", "at least interval_s"),
        ("equipment/hvac/ahu.yaml", "type: supply_fan", "type: turbine", "there is no 'turbine'"),
        ("equipment/hvac/vav.yaml", "type: ahu", "type: ahv", "fed_by.0.type: must name a file"),
        ("equipment/hvac/vav.yaml", "powered_by: hvac", "powered_by: sun", "powered_by: must be"),
        ("equipment/hvac/vav.yaml", "[thermostat]", "[hal]", "controlled_by.0: must name a file"),
        ("spaces/office.yaml", "type: fcu", "type: fku", "equipment.0.type: must name a file"),
        ("spaces/office.yaml", "per_m2: 52", "at_least: 2", "either count or per_m2"),
        ("buildings/office.yaml", "type: lobby", "type: hall", "core.1.type: must name a file"),
        ("buildings/office.yaml", "[open_office", "[loft", "fill.0: must name a file in spaces/"),
        ("meter.yaml", "main: 0.012, ", "", "must be given for main, branch and leaf"),
        ("site.yaml", "role: sensor", "role: oracle", "points.0.role: Input should be"),
        ("spaces/office.yaml", "title: Office", "title: [", "file: must be valid YAML"),
        ("spaces/office.yaml", "title:", "type: office\ntitle:", "the key 'type' is given twice"),
    ],
)
def test_each_mistake_is_named_with_its_file(
    folder: Path, file: str, old: str, new: str, expected: str
) -> None:
    spoil(folder / file, old, new)
    message = refusal(folder)
    assert str(folder / file) in message
    assert expected in message


def test_mistakes_of_all_files_are_reported_together(folder: Path) -> None:
    spoil(folder / "equipment/hvac/fcu.yaml", "title: Fan coil unit", "titel: Fan coil unit")
    spoil(folder / "spaces/lobby.yaml", "schedule: common", "schedule: always")
    spoil(folder / "buildings/office.yaml", "type: chiller", "type: chillier")
    spoil(folder / "site.yaml", "unit: '°C'", "unit: '°F'")
    message = refusal(folder)
    for part in ("fcu.yaml: titel", "lobby.yaml: schedule", "'chillier'", "site.yaml: points.0"):
        assert part in message


def test_a_file_with_a_mistake_is_not_called_missing_by_the_others(folder: Path) -> None:
    spoil(folder / "equipment/hvac/fcu.yaml", "nominal_kw: 0.12", "nominal_kw: -1")
    message = refusal(folder)
    assert message.count(".yaml: ") == 1
    assert "nominal_kw" in message


def test_a_missing_file_and_a_file_that_is_not_text_are_named(folder: Path) -> None:
    (folder / "site.yaml").unlink()
    (folder / "meter.yaml").write_bytes(b"\xff\xfe")
    message = refusal(folder)
    assert "site.yaml: file: is missing" in message
    assert "meter.yaml: file: must be text in UTF-8" in message


def test_parts_that_nest_too_deep_or_without_end_are_refused(folder: Path) -> None:
    path = folder / "equipment/electrical/battery.yaml"
    spoil(path, "points:", "parts:\n  - {type: ups}\npoints:")
    assert "parts: must nest at most 3 deep" in refusal(folder)


def test_a_flow_in_a_circle_is_refused(folder: Path) -> None:
    path = folder / "equipment/hvac/boiler.yaml"
    spoil(path, "points:", "fed_by:\n  - {type: vav, medium: air}\npoints:")
    assert "must not flow in a circle: " in refusal(folder)


def test_two_flows_between_the_same_types_are_refused(folder: Path) -> None:
    spoil(
        folder / "equipment/it/access_switch.yaml",
        "powered_by: distribution_panel",
        "powered_by: network_switch",
    )
    assert "fed_by must not name the type in powered_by" in refusal(folder)


def test_a_type_that_could_only_be_a_ghost_is_refused(folder: Path) -> None:
    path = folder / "equipment/hvac/air_filter.yaml"
    path.write_text(path.read_text(encoding="utf-8").split("points:")[0], encoding="utf-8")
    assert "else each is a ghost" in refusal(folder)


def test_the_json_schema_accepts_every_shipped_file_and_refuses_unknown_keys() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for path in SHIPPED.rglob("*.yaml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        validator.validate(content)
        assert not validator.is_valid({**content, "colour": "red"}), path
