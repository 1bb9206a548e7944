"""How graph rows become a typed SQL relation: composition, parameters, and no ids in the text."""

import pytest

from basetype_benchmark.config.scenarios import StorageModel
from basetype_benchmark.queries.catalog import Column, ColumnType, Kind, Question, load_questions
from basetype_benchmark.queries.federation import (
    array_parameters,
    array_relation,
    compose,
    create_table,
    table_relation,
)
from basetype_benchmark.queries.loader import find_text, read_text

COLUMNS = (
    Column(name="point_id", type=ColumnType.TEXT),
    Column(name="dependents", type=ColumnType.INTEGER),
)
HYBRID = [q for q in load_questions().values() if q.kind is Kind.HYBRID]


def series_text(question: Question) -> str:
    path = find_text(question, StorageModel.SERIES, "postgresql")
    assert path is not None
    return read_text(path)


def test_arrays_are_typed_and_bound_one_per_column() -> None:
    assert array_relation(COLUMNS).as_string() == (
        '(SELECT "point_id" COLLATE "C" AS "point_id", "dependents" '
        "FROM unnest(%(f_point_id)b::text[], %(f_dependents)b::bigint[]) "
        'AS u ("point_id", "dependents"))'
    )


def test_the_temporary_table_has_the_contract_types_and_goes_with_its_transaction() -> None:
    assert create_table(COLUMNS).as_string() == (
        'CREATE TEMPORARY TABLE "pg_temp"."federated" '
        '("point_id" text COLLATE "C", "dependents" bigint) ON COMMIT DROP'
    )


def test_rows_are_transposed_to_one_list_per_column() -> None:
    assert array_parameters(COLUMNS, [("a", 1), ("b", None)]) == {
        "f_point_id": ["a", "b"],
        "f_dependents": [1, None],
    }


def test_a_row_that_comes_twice_counts_once_even_as_another_kind_of_sequence() -> None:
    rows = [("a", 1), ["a", 1], ("b", 2), ("a", 2)]
    assert array_parameters(COLUMNS, rows)["f_point_id"] == ["a", "b", "a"]


def test_no_rows_still_bind_one_list_per_column() -> None:
    assert array_parameters(COLUMNS, []) == {"f_point_id": [], "f_dependents": []}


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="argument 2 is longer"):
        array_parameters(COLUMNS, [("a", 1, "x")])


def test_rows_of_unlike_widths_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        array_parameters(COLUMNS, [("a", 1), ("b",)])


@pytest.mark.parametrize("question", HYBRID, ids=lambda q: q.id)
def test_every_series_text_joins_the_federated_relation_and_keeps_its_parameters(
    question: Question,
) -> None:
    text = compose(series_text(question), table_relation()).as_string()
    assert '(SELECT DISTINCT * FROM "pg_temp"."federated") AS federated' in text
    assert "{federated}" not in text
    assert {name for name in ("start", "end") if f"%({name})s" in text} == {"start", "end"}


@pytest.mark.parametrize("question", HYBRID, ids=lambda q: q.id)
def test_the_graph_leg_hands_over_every_column_the_series_text_uses(question: Question) -> None:
    text = series_text(question)
    used = {word.split(".")[1].rstrip(",)") for word in text.split() if "federated." in word}
    assert used <= {column.name for column in question.federated}


def test_ids_never_reach_the_text() -> None:
    rows = [("it's; DROP TABLE sample", 1)]
    text = compose("SELECT * FROM {federated} AS f", array_relation(COLUMNS)).as_string()
    assert rows[0][0] not in text
    assert array_parameters(COLUMNS, rows)["f_point_id"] == [rows[0][0]]
