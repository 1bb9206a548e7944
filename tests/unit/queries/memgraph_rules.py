"""Rules for Cypher that must run on Memgraph unchanged, where no Memgraph is to run it.

Each rule is a function that takes a text and gives what is wrong with it. Its docstring says what
it rests on: `Memgraph refuses` is read in the grammar or the semantic checks of its source (3.12),
`the products differ` is what FalkorDB or ArcadeDB do otherwise or do not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

AGGREGATES = ("avg", "collect", "count", "max", "min", "sum")
KNOWN_FUNCTIONS = frozenset(
    (*AGGREGATES, "abs", "coalesce", "labels", "range", "size", "toInteger", "type")
)
"""What all three products have under the same name and with the same meaning."""

_KEYWORDS = (
    "OPTIONAL_MATCH", "MATCH", "WHERE", "WITH", "UNWIND", "RETURN", "ORDER_BY", "SKIP", "LIMIT",
    "CREATE_INDEX_ON", "CREATE_INDEX", "CREATE", "MERGE", "SET", "REMOVE", "DETACH_DELETE",
    "DELETE", "UNION_ALL", "UNION", "CALL", "FOREACH", "LOAD_CSV",
)  # fmt: skip
_WRITES = {"CREATE", "MERGE", "SET", "REMOVE", "DETACH DELETE", "DELETE", "FOREACH"}
_WORDS_BEFORE_BRACKETS = {
    "AND", "OR", "NOT", "IN", "CASE", "WHEN", "THEN", "ELSE", "AS", "ON", "DISTINCT", "IS", "XOR",
    *(word for keyword in _KEYWORDS for word in keyword.split("_")),
}  # fmt: skip
_CLAUSE = re.compile(
    rf"(?<![.:$])(?<!STARTS )(?<!ENDS )\b(?:{'|'.join(_KEYWORDS)})\b".replace("_", r"\s+"), re.I
)
_COMMENT_OR_STRING = re.compile(r"//[^\n]*|/\*.*?\*/|'[^']*'|\"[^\"]*\"", re.DOTALL)
_NAME = re.compile(r"`[^`]+`|\w+")

Rule = Callable[[str], list[str]]


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One clause of a text, comments gone and strings emptied."""

    keyword: str
    body: str


def values_are_parameters(text: str) -> list[str]:
    """Nothing is pasted into a text. No product tells apart what is pasted and what was written."""
    code = _code(text)
    found = re.findall(r"%\(\w+\)s|%s|\{\w*\}|\$\{", re.sub(r"\$\w+", "", code))
    return [f"{place} is a place to paste a value into" for place in found]


def exponents_have_no_plus(text: str) -> list[str]:
    """Memgraph refuses ``1e+3``: its lexer knows no sign but minus there."""
    return [f"{number} is no number" for number in re.findall(r"\d[\d.]*[eE]\+\d+", _code(text))]


def hops_are_bounded(text: str) -> list[str]:
    """Memgraph walks an unbounded path to its end, which ends no sooner than the timeout."""
    paths = re.findall(r"\[[^\]]*\*([^\]]*)\]", _code(text))
    return [
        f"*{hops.strip()} has no two bounds"
        for hops in paths
        if not re.fullmatch(r"\s*\d+\s*\.\.\s*\d+\s*(?:\{.*)?", hops)
    ]


def everything_has_a_name(text: str) -> list[str]:
    """Memgraph refuses an expression without AS in WITH; in RETURN the products name it each in
    its way.
    """
    return [
        f"{item} has no name in {clause.keyword}"
        for clause in clauses(text)
        if clause.keyword in ("WITH", "RETURN")
        for item in _items(clause.body)
        if not re.search(r"\sAS\s+[`\w]+$", item) and not _NAME.fullmatch(item)
    ]


def no_aggregate_is_in_a_case(text: str) -> list[str]:
    """Memgraph refuses an aggregate inside CASE; name it in a WITH before."""
    return [
        f"{name}() stands inside CASE"
        for case in _innermost_cases(_code(text))
        for name in _aggregates(case)
    ]


def no_aggregate_is_in_an_aggregate(text: str) -> list[str]:
    """Memgraph refuses an aggregate of an aggregate; name the inner one in a WITH before."""
    code = _code(text)
    inner = re.finditer(rf"\b(?:{'|'.join(AGGREGATES)})\(", code, re.IGNORECASE)
    return [
        f"{name}() stands inside {match.group()[:-1]}()"
        for match in inner
        for name in _aggregates(_bracketed(code, match.end() - 1))
    ]


def aggregates_are_in_with_or_return(text: str) -> list[str]:
    """Memgraph refuses an aggregate in any clause but WITH and RETURN: WHERE, ORDER BY, UNWIND."""
    return [
        f"{name}() stands in {clause.keyword}"
        for clause in clauses(text)
        if clause.keyword not in ("WITH", "RETURN")
        for name in _aggregates(clause.body)
    ]


def no_match_follows_an_optional_match(text: str) -> list[str]:
    """Memgraph refuses MATCH after OPTIONAL MATCH, unless a WITH stands between them."""
    return list(_out_of_order(text, after={"OPTIONAL MATCH"}, bad={"MATCH"}))


def no_read_follows_a_write(text: str) -> list[str]:
    """Memgraph refuses MATCH and UNWIND after a write, unless a WITH stands between them."""
    return list(_out_of_order(text, after=_WRITES, bad={"MATCH", "OPTIONAL MATCH", "UNWIND"}))


def functions_are_known_to_all(text: str) -> list[str]:
    """The products differ: Memgraph has no stDev, percentile or shortestPath(), and no function of
    time is the same in all three.
    """
    names = re.findall(r"(?<![\w.:])([A-Za-z_][\w.]*)\s*\(", _code(text))
    return [
        f"{name}() is not known to all"
        for name in names
        if name.upper() not in _WORDS_BEFORE_BRACKETS and name not in KNOWN_FUNCTIONS
    ]


def syntax_is_known_to_all(text: str) -> list[str]:
    """The products differ in subqueries, regular expressions, alternatives of labels, text joined
    by bars, comprehensions of patterns and paths with quantifiers.
    """
    code = _code(text)
    forbidden = {
        r"\b(?:EXISTS|COUNT|CALL|COLLECT)\s*\{": "a subquery",
        r"\bEXISTS\s*\(": "EXISTS; write NOT (a)-[:B]->() or OPTIONAL MATCH",
        r"=~": "a regular expression",
        r"\(\s*\w*\s*:\s*\w+\s*\|": "an alternative of labels",
        r"\|\|": "text joined by bars",
        r"\|\s*:": "the old way of alternatives of types",
        r"\[\s*\([^\]]*\)\s*[-<]": "a comprehension of a pattern",
        r"[->)]\s*\{\d": "a path with a quantifier",
        r"\b(?:FOREACH|LOAD CSV|CALL)\b": "a clause that differs",
    }
    return [
        f"{what} is not known to all"
        for form, what in forbidden.items()
        if re.search(form, code, re.I)
    ]


def order_is_by_columns(text: str) -> list[str]:
    """Memgraph refuses to order an aggregated or distinct answer by what is no column of it."""
    problems, names = [], set[str]()
    for clause in clauses(text):
        if clause.keyword in ("WITH", "RETURN"):
            names = {item.split()[-1] for item in _items(clause.body)}
        if clause.keyword == "ORDER BY":
            keys = [re.sub(r"\s+(?:ASC|DESC)$", "", item) for item in _items(clause.body)]
            problems += [f"{key} is no column to order by" for key in keys if key not in names]
    return problems


def answers_are_scalars(text: str) -> list[str]:
    """The products differ in how a driver sees a node, a relationship or a path."""
    nodes = set(re.findall(r"[(\[]\s*(\w+)\s*[:{)\]]", _patterns(text)))
    paths = set(re.findall(r"\b(\w+)\s*=\s*\(", _patterns(text)))
    scalars: set[str] = set()
    problems = []
    for clause in clauses(text):
        items = _items(clause.body) if clause.keyword in ("WITH", "RETURN") else []
        named = {item.split()[-1]: re.sub(r"\s+AS\s+\S+$", "", item) for item in items}
        if clause.keyword == "WITH":
            scalars = {name for name, value in named.items() if value not in nodes - scalars}
        if clause.keyword == "RETURN":
            whole = (nodes | paths) - scalars
            problems += [f"{value} is returned whole" for value in named.values() if value in whole]
    return problems


def unions_have_the_same_columns(text: str) -> list[str]:
    """Memgraph refuses a UNION of answers with other names, and UNION beside UNION ALL."""
    found = clauses(text)
    answers = [
        [item.split()[-1] for item in _items(clause.body)]
        for clause in found
        if clause.keyword == "RETURN"
    ]
    unions = {clause.keyword for clause in found if clause.keyword.startswith("UNION")}
    problems = [
        f"{names} are other columns than {answers[0]}"
        for names in answers[1:]
        if names != answers[0]
    ]
    return problems + (["UNION and UNION ALL in one text"] if len(unions) > 1 else [])


def one_statement_is_sent(text: str) -> list[str]:
    """Memgraph refuses a second statement; so does any driver."""
    return ["more than one statement"] if ";" in _code(text).rstrip(" \n;") else []


def it_answers_or_changes_something(text: str) -> list[str]:
    """Memgraph refuses a text that ends in a WITH, or in a MATCH."""
    kinds = {clause.keyword for clause in clauses(text)}
    reads = kinds & {"MATCH", "OPTIONAL MATCH", "UNWIND", "WITH"}
    return (
        ["neither answers nor changes anything"]
        if reads and not kinds & {*_WRITES, "RETURN"}
        else []
    )


def indexes_are_made_in_its_way(text: str) -> list[str]:
    """The products differ: Memgraph knows ``CREATE INDEX ON :A`` and ``... ON :A(b)``."""
    return [
        f"CREATE INDEX {clause.body} is another's way"
        for clause in clauses(text)
        if clause.keyword.startswith("CREATE INDEX")
        and (
            clause.keyword != "CREATE INDEX ON" or not re.fullmatch(r":\w+(\(\w+\))?", clause.body)
        )
    ]


RULES: tuple[Rule, ...] = (
    values_are_parameters,
    exponents_have_no_plus,
    hops_are_bounded,
    everything_has_a_name,
    no_aggregate_is_in_a_case,
    no_aggregate_is_in_an_aggregate,
    aggregates_are_in_with_or_return,
    no_match_follows_an_optional_match,
    no_read_follows_a_write,
    functions_are_known_to_all,
    syntax_is_known_to_all,
    order_is_by_columns,
    answers_are_scalars,
    unions_have_the_same_columns,
    one_statement_is_sent,
    it_answers_or_changes_something,
    indexes_are_made_in_its_way,
)


def clauses(text: str) -> list[Clause]:
    """Split a text into its clauses, in order."""
    code = _code(text)
    starts = [match for match in _CLAUSE.finditer(code) if _depth(code, match.start()) == 0]
    ends = [*(match.start() for match in starts), len(code)][1:]
    return [
        Clause(
            keyword=" ".join(match.group().upper().split()),
            body=code[match.end() : end].strip(" \n;"),
        )
        for match, end in zip(starts, ends, strict=True)
    ]


def _code(text: str) -> str:
    return _COMMENT_OR_STRING.sub(lambda m: "''" if m.group()[0] in "'\"" else "", text)


def _depth(code: str, position: int) -> int:
    before = code[:position]
    return sum(map(before.count, "([{")) - sum(map(before.count, ")]}"))


def _items(body: str) -> Iterator[str]:
    """Split by the commas outside all brackets."""
    start, body = 0, re.sub(r"^DISTINCT\s+", "", " ".join(body.split()))
    for position, sign in enumerate(body):
        if sign == "," and _depth(body, position) == 0:
            yield body[start:position].strip()
            start = position + 1
    yield body[start:].strip()


def _aggregates(code: str) -> list[str]:
    return re.findall(rf"\b({'|'.join(AGGREGATES)})\s*\(", code, re.IGNORECASE)


def _innermost_cases(code: str) -> Iterator[str]:
    """Give every CASE … END; one within another is given, and then gone from the outer."""
    innermost = re.compile(r"\bCASE\b((?:(?!\bCASE\b|\bEND\b).)*)\bEND\b", re.DOTALL | re.I)
    while match := innermost.search(code):
        yield match.group(1)
        code = code[: match.start()] + code[match.end() :]


def _bracketed(code: str, opened: int) -> str:
    depth = 0
    for position in range(opened, len(code)):
        depth += {"(": 1, ")": -1}.get(code[position], 0)
        if depth == 0:
            return code[opened + 1 : position]
    return code[opened + 1 :]


def _patterns(text: str) -> str:
    return " ".join(
        clause.body
        for clause in clauses(text)
        if clause.keyword.endswith(("MATCH", "CREATE", "MERGE"))
    )


def _out_of_order(text: str, *, after: set[str], bad: set[str]) -> Iterator[str]:
    seen: str | None = None
    for clause in clauses(text):
        if clause.keyword in ("WITH", "UNION", "UNION ALL"):
            seen = None
        elif seen is not None and clause.keyword in bad:
            yield f"{clause.keyword} follows {seen} without WITH"
        if clause.keyword in after:
            seen = clause.keyword
