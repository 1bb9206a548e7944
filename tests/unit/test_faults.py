"""The faults that are put into query texts, and how they are counted."""

import pytest

from basetype_benchmark.queries.catalog import load_questions
from tests.conformance.fault_scores import Fate, TextScore, describe_scores, tabulate_scores
from tests.conformance.faults import find_faults
from tests.conformance.harmless_faults import HARMLESS, why_harmless

SQL = """SELECT DISTINCT p.id, avg(s.value) AS mean -- not DISTINCT
FROM point AS p
LEFT JOIN sample AS s ON s.point_id = p.id AND s.time < %(end)s
WHERE p.role = 'sensor' AND p.building_id = %(building_id)s
UNION
SELECT id, 1 FROM other WHERE x IS NULL
ORDER BY mean DESC"""
CYPHER = """MATCH (a:Meter {id: $id})-[:FEEDS|HAS_PART*1..10]->(b) // -[:SERVES]->
OPTIONAL MATCH (b)<-[:HAS_POINT]-(c)
WHERE c.day > $start - 86400
RETURN count(c.name) AS n
ORDER BY n"""
SPARQL = """PREFIX btb: <https://basetype-benchmark.org/ns#>
SELECT ?x WHERE { # ?x btb:serves ?y
  ?x btb:feeds+ ?y . FILTER (?x != ?y)
  OPTIONAL { ?y btb:role "sensor" }
  { ?y btb:hasPart|btb:serves ?z } UNION { ?z btb:contains ?y }
} ORDER BY ?x"""


@pytest.mark.parametrize(
    ("text", "language", "kind", "after"),
    [
        (SQL, "sql", "comparison",
         "LEFT JOIN sample AS s ON s.point_id = p.id AND s.time <= %(end)s"),
        (SQL, "sql", "duplicates", "SELECT p.id, avg(s.value) AS mean -- not DISTINCT"),
        (SQL, "sql", "duplicates", "UNION ALL"),
        (SQL, "sql", "aggregate", "SELECT DISTINCT p.id, max(s.value) AS mean -- not DISTINCT"),
        (SQL, "sql", "literal", "WHERE p.role = 'setpoint' AND p.building_id = %(building_id)s"),
        (SQL, "sql", "number", "SELECT id, 2 FROM other WHERE x IS NULL"),
        (SQL, "sql", "property", "WHERE p.signal = 'sensor' AND p.building_id = %(building_id)s"),
        (SQL, "sql", "condition", "WHERE TRUE AND p.building_id = %(building_id)s"),
        (SQL, "sql", "condition", "WHERE p.role = 'sensor' AND TRUE"),
        (SQL, "sql", "condition", "LEFT JOIN sample AS s ON TRUE AND s.time < %(end)s"),
        (SQL, "sql", "branch", "WHERE p.role = 'sensor' AND p.building_id = %(building_id)s"),
        (SQL, "sql", "outer join", "JOIN sample AS s ON s.point_id = p.id AND s.time < %(end)s"),
        (SQL, "sql", "order", "ORDER BY mean"),
        (SQL, "sql", "null", "SELECT id, 1 FROM other WHERE x IS NOT NULL"),
        (SQL, "sql", "window", "LEFT JOIN sample AS s ON s.point_id = p.id "
         "AND s.time < (%(end)s + INTERVAL '1 hour')"),
        (CYPHER, "cypher", "relation",
         "MATCH (a:Meter {id: $id})-[:HAS_PART|HAS_PART*1..10]->(b) // -[:SERVES]->"),
        (CYPHER, "cypher", "relation",
         "MATCH (a:Meter {id: $id})-[:FEEDS*1..10]->(b) // -[:SERVES]->"),
        (CYPHER, "cypher", "direction",
         "MATCH (a:Meter {id: $id})<-[:FEEDS|HAS_PART*1..10]-(b) // -[:SERVES]->"),
        (CYPHER, "cypher", "direction", "OPTIONAL MATCH (b)-[:HAS_POINT]->(c)"),
        (CYPHER, "cypher", "hops",
         "MATCH (a:Meter {id: $id})-[:FEEDS|HAS_PART*2..10]->(b) // -[:SERVES]->"),
        (CYPHER, "cypher", "hops",
         "MATCH (a:Meter {id: $id})-[:FEEDS|HAS_PART*1..9]->(b) // -[:SERVES]->"),
        (CYPHER, "cypher", "aggregate", "RETURN 1 + count(c.name) AS n"),
        (CYPHER, "cypher", "arithmetic", "WHERE c.day > $start + 86400"),
        (CYPHER, "cypher", "window", "WHERE c.day > ($start + 3600) - 86400"),
        (CYPHER, "cypher", "order", "ORDER BY n DESC"),
        (SPARQL, "rq", "hops", "?x btb:feeds ?y . FILTER (?x != ?y)"),
        (SPARQL, "rq", "relation", "?x btb:hasPart+ ?y . FILTER (?x != ?y)"),
        (SPARQL, "rq", "relation", "{ ?y btb:serves ?z } UNION { ?z btb:contains ?y }"),
        (SPARQL, "rq", "direction", "?x ^btb:feeds+ ?y . FILTER (?x != ?y)"),
        (SPARQL, "rq", "comparison", "?x btb:feeds+ ?y . FILTER (?x = ?y)"),
        (SPARQL, "rq", "condition", "?x btb:feeds+ ?y ."),
        (SPARQL, "rq", "literal", 'OPTIONAL { ?y btb:role "setpoint" }'),
        (SPARQL, "rq", "property", 'OPTIONAL { ?y btb:signal "sensor" }'),
        (SPARQL, "rq", "outer join", '{ ?y btb:role "sensor" }'),
        (SPARQL, "rq", "branch", "{ ?y btb:hasPart|btb:serves ?z }"),
        (SPARQL, "rq", "order", "} ORDER BY DESC(?x)"),
    ],
)  # fmt: skip
def test_a_text_gets_the_fault(text: str, language: str, kind: str, after: str) -> None:
    assert after in [f.after for f in find_faults(text, language) if f.kind == kind]


@pytest.mark.parametrize(("text", "language"), [(SQL, "sql"), (CYPHER, "cypher"), (SPARQL, "rq")])
def test_a_fault_changes_one_place_and_no_comment(text: str, language: str) -> None:
    comment = {"sql": "-- not DISTINCT", "cypher": "// -[:SERVES]->", "rq": "# ?x btb:serves ?y"}
    faults = find_faults(text, language)
    assert len({fault.text for fault in faults}) == len(faults) > 10
    for fault in faults:
        assert comment[language] in fault.text
        assert fault.text != text
        changed = fault.text.splitlines()
        kept = [line for line in text.splitlines() if line in changed]
        assert len(kept) >= len(text.splitlines()) - 2 or fault.kind == "branch"


def test_every_text_of_every_question_has_faults() -> None:
    for question in load_questions().values():
        for path in question.folder.iterdir():
            if path.suffix != ".yaml":
                found = find_faults(path.read_text(encoding="utf-8"), path.suffix[1:])
                assert len(found) > 1, path


def test_every_harmless_fault_has_a_reason_of_its_own() -> None:
    reasons = [harmless.reason for harmless in HARMLESS]
    assert len(set(reasons)) == len(reasons)
    assert (
        why_harmless("q01_energy_chain/relational.sql: number in line 1: LIMIT 1 => LIMIT 2")
        is None
    )


def test_scores_add_up() -> None:
    fates = [Fate.TOY, Fate.TOY, Fate.GENERATED, Fate.REFUSED, Fate.HARMLESS, Fate.UNNOTICED]
    score = TextScore.count(text="q01_energy_chain/relational.sql", fates=fates)
    assert TextScore.from_json(score.to_json()) == score
    other = TextScore.count(text="q02_functional_impact/relational.sql", fates=[Fate.TOY])
    line = describe_scores([score, other]).splitlines()[1]
    assert " ".join(line.split()) == "relational.sql 7 faults, noticed 5 of 6"
    assert "| q01_energy_chain/relational.sql | 4/5 | 2 | 1 | 1 | 1 | 1 |" in tabulate_scores(
        [score]
    )
