"""What PostgreSQL is sent in the series leg of a federated question, in both forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from basetype_benchmark.infrastructure.clients.messages import Message, SentValue
from basetype_benchmark.infrastructure.clients.postgres_messages import (
    extended_message,
    simple_message,
)
from basetype_benchmark.queries.catalog import ColumnType, Question
from basetype_benchmark.queries.federation import (
    analyse_table,
    array_parameters,
    array_relation,
    compose,
    copy_into_table,
    create_table,
    parameter_name,
    table_relation,
)
from basetype_benchmark.queries.statement import BoundText

# Only their types matter: the arrays hold what the graph answers.
_EXAMPLES = {
    ColumnType.TEXT: "",
    ColumnType.INTEGER: 0,
    ColumnType.FLOAT: 0.0,
    ColumnType.TIMESTAMP: datetime(1970, 1, 1, tzinfo=UTC),
    ColumnType.DATE: date(1970, 1, 1),
}


def array_messages(question: Question, series: BoundText) -> tuple[Message, ...]:
    """Give the one statement in which the graph's rows are arrays, one for each column."""
    row = [_EXAMPLES[column.type] for column in question.federated]
    arrays = array_parameters(question.federated, [row])
    query = compose(series.text, array_relation(question.federated))
    message = extended_message(query, {**series.parameters, **arrays})
    return (replace(message, values=tuple(_as_rows(question, v) for v in message.values)),)


def table_messages(question: Question, series: BoundText) -> tuple[Message, ...]:
    """Give the statements of the one transaction that puts the graph's rows into a table."""
    return (
        simple_message("BEGIN"),
        simple_message(create_table(question.federated)),
        simple_message(copy_into_table()),
        simple_message(analyse_table()),
        extended_message(compose(series.text, table_relation()), series.parameters),
        simple_message("COMMIT"),
    )


def _as_rows(question: Question, value: SentValue) -> SentValue:
    for column in question.federated:
        if value.name == parameter_name(column):
            kind = value.type
            if column.type is ColumnType.INTEGER:
                kind = "int2[], int4[] or int8[] as the largest needs, binary"
            return replace(
                value, type=kind, value=f"<{column.name} of the graph's rows, each row once>"
            )
    return value
