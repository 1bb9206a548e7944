from pathlib import Path

import pytest

from basetype_benchmark.config.settings import HOME_VARIABLE, resolve_settings


def test_the_argument_goes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "environment"))
    assert resolve_settings(tmp_path / "argument").home == tmp_path / "argument"
    assert resolve_settings().home == tmp_path / "environment"


@pytest.mark.parametrize("value", [None, ""])
def test_without_either_home_is_here(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(HOME_VARIABLE, value)
    monkeypatch.chdir(tmp_path)
    assert resolve_settings().home == tmp_path / "btb-home"


def test_a_tilde_is_the_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert resolve_settings(Path("~/data")).home == tmp_path / "data"


def test_everything_lies_under_the_home(tmp_path: Path) -> None:
    settings = resolve_settings(tmp_path)
    places = (settings.datasets_dir, settings.results_dir, settings.engines_dir)
    assert len(set(places)) == 3
    assert {place.parent for place in places} == {tmp_path}
    assert settings.dataset_dir("tiny-2d", 42) == settings.datasets_dir / "tiny-2d_seed42"
