"""What the lines say, and which of them cannot be taken."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, Journal
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results_io import write_campaign
from basetype_benchmark.cli.menu.campaign_options import (
    campaign_options,
    find_campaigns,
    find_resumable,
    resume_options,
)
from basetype_benchmark.cli.menu.dataset_menu import find_begun
from basetype_benchmark.cli.menu.dataset_options import (
    duration_options,
    held_options,
    part_options,
    scale_options,
)
from basetype_benchmark.cli.menu.held import HeldDataset, find_held
from basetype_benchmark.cli.menu.purge_menu import find_items, purge_options
from basetype_benchmark.cli.menu.run_options import (
    duration_marks,
    level_options,
    mode_entries,
    scale_marks,
    scenario_options,
)
from basetype_benchmark.cli.menu.suggestion import choose_suggestion
from basetype_benchmark.cli.menu.survey import survey_ground
from basetype_benchmark.cli.menu.wish import RunWish
from basetype_benchmark.cli.prompts import Option, lines_of
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.profiles import load_scales
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.units import GIB, MIB
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.placement import ServiceChoice, runnable_scenarios
from basetype_benchmark.workflows.purging.selection import Target
from tests.records import (
    make_cell,
    make_gradient_campaign,
    make_query,
    make_result,
    write_whole_cell,
)
from tests.unit.cli.menu.homes import hold, make_ground
from tests.unit.workflows.purging.homes import add_campaign, add_dataset

SCALES = load_scales()
TINY = HeldDataset(profile="tiny-2d", seed=42, samples=370_860, size_bytes=1_740_000)
MEDIUM = HeldDataset(profile="medium-1w", seed=7, samples=5_000_000, size_bytes=90 * MIB)


def refused(options: list[Option[object]]) -> dict[str, str]:
    return {option.title: option.why_not for option in options if option.why_not is not None}


def test_datasets_are_named_with_their_seed_and_size() -> None:
    assert lines_of(held_options([TINY, MEDIUM])) == [
        "tiny-2d            1.66 MiB  370 860 samples",
        "medium-1w, seed 7  90 MiB    5 000 000 samples",
    ]
    assert held_options([]) == []


def test_held_datasets_come_smallest_first_without_the_unfinished(tmp_path: Path) -> None:
    settings = hold(tmp_path, "medium-2d", "tiny-2d")
    hold(tmp_path, "tiny-2d", seed=7)
    add_dataset(settings, "small-1w_seed42", is_whole=False)
    assert [dataset.name for dataset in find_held(settings)] == [
        "medium-2d",
        "tiny-2d",
        "tiny-2d, seed 7",
    ]
    assert find_begun(settings) == ["small-1w"]


def test_scales_say_what_they_contain() -> None:
    lines = lines_of(scale_options(SCALES))
    assert len(lines) == len(SCALES)
    assert lines[0].split()[:5] == ["tiny", "1", "building", "1", "274"]
    assert max(map(len, lines)) <= 76


def test_durations_tell_what_is_there_what_was_begun_and_what_does_not_fit() -> None:
    other_seed = replace(TINY, profile="tiny-1m", seed=7)
    options = duration_options(SCALES["tiny"], [TINY, other_seed], ["tiny-1w"], 100 * MIB)
    assert refused([*options]) == {
        "tiny-2d  2 days": "on disk, 1.66 MiB",
        "tiny-6m  180 days": "about 148 MiB, and 100 MiB are free",
        "tiny-1y  365 days": "about 299 MiB, and 100 MiB are free",
    }
    assert options[1].about.endswith("MiB, begun: goes on")


def test_parts_are_what_nests_in_a_dataset_and_is_shorter(tmp_path: Path) -> None:
    settings = hold(tmp_path, "medium-1w")
    manifest = find_dataset("medium-1w", 42, settings).manifest
    there = replace(TINY, profile="small-2d")
    options = part_options(manifest, SCALES, [there, MEDIUM])
    assert [option.title for option in options] == ["small-2d", "small-1w", "medium-2d"]
    assert refused([*options]) == {"small-2d": "on disk already"}


def test_only_scales_and_durations_within_the_dataset_can_be_marked(tmp_path: Path) -> None:
    settings = hold(tmp_path, "medium-1w")
    (held,) = find_held(settings)
    wish = RunWish(mode=Mode.SELECT, dataset=held)
    manifest = find_dataset("medium-1w", 42, settings).manifest
    scales = scale_marks(manifest, SCALES, wish)
    assert set(refused([*scales])) == {"tiny", "large", "xlarge"}
    durations = duration_marks(manifest, SCALES, wish)
    assert set(refused([*durations])) == {"1m", "6m", "1y"}
    assert [o.title for o in (*scales, *durations) if o.is_marked] == ["medium", "1w"]
    chosen = replace(wish, scales=("small",), durations=("2d", "1w"))
    marks = [*scale_marks(manifest, SCALES, chosen), *duration_marks(manifest, SCALES, chosen)]
    assert [option.title for option in marks if option.is_marked] == ["small", "2d", "1w"]


def test_scenarios_say_in_few_words_why_they_cannot_run_here() -> None:
    options = scenario_options(make_ground(), RunWish(mode=Mode.QUICK, dataset=TINY))
    missing = "Memgraph is not installed"
    assert refused([*options]) == {"M1": missing, "M2": missing}
    assert [o.title for o in options if not o.is_marked] == ["M1", "M2"]


def test_levels_go_from_what_the_scale_needs_to_what_the_machine_has() -> None:
    wish = RunWish(mode=Mode.SELECT, dataset=TINY, ram_bytes=(GIB,))
    options = level_options(make_ground(), wish)
    assert [o.title for o in options] == [
        f"{gib} GiB" for gib in ("0.125", "0.25", "0.5", "1", "2", "4")
    ]
    assert [option.title for option in options if option.is_marked] == ["1 GiB"]
    large = replace(wish, dataset=replace(TINY, profile="large-2d"), scenarios=("F1",))
    assert level_options(make_ground(), large)[0].title == "1 GiB"


def test_modes_that_need_limits_say_why_there_are_none() -> None:
    assert set(refused([*mode_entries(None, "no root")])) == {"Full", "Gradient"}
    assert set(refused([*mode_entries("no dataset", None)]).values()) == {"no dataset"}


def test_the_survey_finds_what_can_run_here(tmp_path: Path) -> None:
    ground = survey_ground(Settings(home=tmp_path))
    assert ground.able == tuple(s.id for s in runnable_scenarios(ServiceChoice()))
    assert ground.host_bytes > GIB


def test_campaigns_that_were_cut_short_tell_what_is_left_newest_first(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    add_campaign(settings, "20260101-100000-tiny-2d")
    add_campaign(settings, "20260102-100000-tiny-2d", is_finished=False)
    gradient = replace(make_gradient_campaign(), campaign="20260103-100000-tiny-2d")
    newer = replace(gradient, created_at=datetime(2027, 1, 3, 10, 0, tzinfo=UTC))
    folder = settings.results_dir / newer.campaign
    write_campaign(folder, newer)
    Journal(folder / JOURNAL_FILE).add(Event.OPENED)
    left = lines_of(resume_options(find_resumable(settings)))
    assert [line.split()[0][:8] for line in left] == ["20260103", "20260102"]
    assert "done, more to come" in left[0]
    assert "1 of 1 cell left" in left[1]
    lines = lines_of(campaign_options(find_campaigns(settings)))
    assert "complete, 1 of 1 done" in lines[-1]
    assert max(map(len, (*left, *lines))) <= 76


def test_failed_cells_are_counted_apart(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    folder = add_campaign(settings, "20260101-100000-tiny-2d")
    wrong = make_result(queries=(make_query(outcome=Outcome.WRONG_ANSWER),))
    write_whole_cell(folder, make_cell(result=wrong))
    (line,) = lines_of(campaign_options(find_campaigns(settings)))
    assert "complete, 0 of 1 done, 1 failed" in line


def test_the_suggestion_leads_from_nothing_to_a_report(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert choose_suggestion([], []).title.startswith("generate tiny-2d")
    assert choose_suggestion([TINY, MEDIUM], []).title == "measure tiny-2d, every scenario once"
    add_campaign(settings, "20260101-100000-tiny-2d")
    done = find_campaigns(settings)
    assert choose_suggestion([TINY], done).title == "show what 20260101-100000-tiny-2d measured"
    add_campaign(settings, "20260102-100000-tiny-2d", is_finished=False)
    cut = choose_suggestion([], find_campaigns(settings))
    assert cut.title == "resume 20260102-100000-tiny-2d, 1 of 1 cell left"


def test_purge_tells_what_each_kind_takes(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    add_dataset(settings, "tiny-2d_seed42")
    found = {target: find_items(target, settings) for target in (Target.DATASETS, Target.RESULTS)}
    options = purge_options(found)
    assert [option.title for option in options] == ["Datasets", "Results", "All"]
    assert options[0].about.split()[0] == options[2].about.split()[0] == "1"
    assert refused([*options]) == {"Results": "nothing there"}
    assert (settings.datasets_dir / "tiny-2d_seed42").is_dir()
