"""Binding values into SPARQL text: whatever the value, one term and nothing else."""

import re
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parser import parseQuery

from basetype_benchmark.dataset.export.rdf import ID_BASE
from basetype_benchmark.errors import ConfigError, UsageError
from basetype_benchmark.queries.catalog import Question, find_question
from basetype_benchmark.queries.sparql import bind_parameters

HOSTILE = [
    "",
    "a'b",
    'a"b',
    "a\\",
    "a>b",
    "a\nb",
    "a b",
    "é€😀",
    "$start",
    "x} DELETE",
    "\x00",
    "%22",
]
unicode_text = st.text(st.characters(exclude_categories=["Cs"]))


def question_with(**types: str) -> Question:
    contract = find_question("Q1").model_dump()
    contract["parameters"] = [{"name": name, "type": kind} for name, kind in types.items()]
    return Question.model_validate(contract)


@pytest.mark.parametrize("node_id", HOSTILE)
def test_a_hostile_id_is_one_valid_iri_that_decodes_to_it(node_id):
    bound = bind_parameters("$m", question_with(m="node_id"), {"m": node_id})
    assert re.fullmatch(r"<[A-Za-z0-9:/._~%-]+>", bound)
    assert unquote(bound[1:-1].removeprefix(ID_BASE)) == node_id


@given(node_id=st.text())
def test_any_id_at_all_gives_a_query_that_parses(node_id):
    text = "SELECT * { VALUES ?m { $m } ?m ?p ?o }"
    parseQuery(bind_parameters(text, question_with(m="node_id"), {"m": node_id}))


@given(ids=st.lists(st.text(), min_size=2, max_size=2, unique=True))
def test_different_ids_are_different_iris(ids):
    question = question_with(m="node_id")
    first, second = (bind_parameters("$m", question, {"m": node_id}) for node_id in ids)
    assert first != second


@given(value=unicode_text)
def test_any_text_gives_a_query_that_parses_back_to_it(value):
    bound = bind_parameters("SELECT * { ?s ?p $v }", question_with(v="text"), {"v": value})
    (triple,) = prepareQuery(bound).algebra.p.p.triples
    assert "\n" not in bound
    assert str(triple[2]) == value


@given(value=st.datetimes(timezones=st.just(timezone(timedelta(hours=2)))))
def test_a_time_is_written_in_utc(value):
    if value.year in (1, 9999):
        return
    bound = bind_parameters("$t", question_with(t="timestamp"), {"t": value})
    lexical, datatype = bound.split("^^")
    assert datatype == "<http://www.w3.org/2001/XMLSchema#dateTime>"
    assert lexical.endswith('Z"')
    assert datetime.fromisoformat(lexical.strip('"')) == value


def test_values_are_never_searched_for_placeholders():
    question = question_with(a="text", b="text")
    assert bind_parameters("$a $b", question, {"a": "$b", "b": "$a"}) == '"$b" "$a"'


def test_a_name_that_begins_with_another_is_its_own_parameter():
    question = question_with(start="text", start_x="text")
    assert bind_parameters("$start_x", question, {"start": "1", "start_x": "2"}) == '"2"'


def test_a_parameter_used_twice_is_bound_twice_and_an_unused_one_left_out():
    question = question_with(a="text", b="text")
    assert bind_parameters("$a $a", question, {"a": "x", "b": "y"}) == '"x" "x"'


def test_an_unknown_placeholder_is_a_mistake_in_the_text():
    with pytest.raises(ConfigError, match=r"\$oops"):
        bind_parameters("$oops", question_with(m="node_id"), {"m": "b01"})


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("timestamp", "2024-01-01"),
        ("timestamp", datetime(2024, 1, 1)),
        ("node_id", datetime(2024, 1, 1, tzinfo=UTC)),
        ("text", "\ud800"),
    ],
)
def test_a_value_of_another_type_is_refused(kind, value):
    with pytest.raises(UsageError, match="parameter m"):
        bind_parameters("$m", question_with(m=kind), {"m": value})


def test_a_missing_value_is_refused():
    with pytest.raises(UsageError, match="lacks a value"):
        bind_parameters("$m", question_with(m="node_id"), {})


WINDOWED = question_with(start="timestamp", end="timestamp")
START = datetime(2024, 1, 2, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "last"),
    [
        (datetime(2024, 1, 4, tzinfo=UTC), "2024-01-03"),
        (datetime(2024, 1, 4, microsecond=1, tzinfo=UTC), "2024-01-04"),
        (datetime(2024, 1, 4, 1, tzinfo=timezone(timedelta(hours=2))), "2024-01-03"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01"),
        (datetime(9999, 12, 31, 1, tzinfo=UTC), "9999-12-31"),
    ],
)
def test_a_window_gives_the_days_that_it_touches(end, last):
    bound = bind_parameters("$first_day $last_day", WINDOWED, {"start": START, "end": end})
    date = "^^<http://www.w3.org/2001/XMLSchema#date>"
    assert bound == f'"2024-01-02"{date} "{last}"{date}'


@given(
    start=st.datetimes(timezones=st.just(UTC)),
    length=st.timedeltas(timedelta(microseconds=1), timedelta(days=9)),
)
def test_the_days_of_a_window_are_those_of_its_instants(start, length):
    if start.year == 9999:
        return
    bound = bind_parameters(
        "$first_day $last_day", WINDOWED, {"start": start, "end": start + length}
    )
    first, last = re.findall(r"\d{4}-\d\d-\d\d", bound)
    assert first == start.date().isoformat()
    assert last == (start + length - timedelta(microseconds=1)).date().isoformat()


def test_a_question_without_a_window_has_no_days():
    with pytest.raises(ConfigError, match=r"\$first_day"):
        bind_parameters("$first_day", question_with(start="timestamp"), {"start": START})


def test_a_window_without_its_end_has_no_last_day():
    with pytest.raises(UsageError, match="lacks a value for its parameter end"):
        bind_parameters("$last_day", WINDOWED, {"start": START})


def test_a_day_of_what_is_no_time_is_refused():
    with pytest.raises(UsageError, match="parameter start"):
        bind_parameters("$first_day", WINDOWED, {"start": "2024-01-01", "end": START})
