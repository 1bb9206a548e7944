import pytest

from basetype_benchmark.queries.catalog import load_questions
from basetype_benchmark.queries.cypher_columns import returned_columns
from basetype_benchmark.queries.loader import read_text


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("MATCH (n) RETURN n.id AS id", ("id",)),
        ("RETURN 1 AS one;\n", ("one",)),
        ("RETURN DISTINCT a AS x, b\nORDER BY x\nLIMIT 2", ("x", "b")),
        ("WITH 1 AS a RETURN f(a, [1, 2], {k: g(a, 3)}) AS x, labels(n)[0] AS y", ("x", "y")),
        ("RETURN CASE WHEN a = 'p, q AS r' THEN 1 ELSE 2 END AS kind, a", ("kind", "a")),
        ("// RETURN of nothing\nMATCH (n) RETURN n.x AS x // RETURN x AS y", ("x",)),
        ("CALL { RETURN 1 AS inner } RETURN inner AS outer SKIP 1", ("outer",)),
        ("CREATE (:Node {id: 1})", ()),
    ],
)
def test_the_names_are_those_of_the_last_return(text, columns):
    assert returned_columns(text) == columns


@pytest.mark.parametrize("question", load_questions().values(), ids=lambda question: question.id)
def test_the_names_of_every_text_are_those_of_its_contract(question):
    contract = {"property_graph_chunks": question.columns}
    contract["property_graph"] = question.federated or question.columns
    for path in question.folder.glob("*.cypher"):
        wanted = [column.name for column in contract[path.name.split(".")[0]]]
        assert sorted(returned_columns(read_text(path))) == sorted(wanted), path.name
