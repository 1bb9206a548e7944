"""Deliberate faults in query texts: small changes, each of which should change some answer.

They work on the text alone, so that a text that is written tomorrow gets its faults too. A fault
may yield a text that the engine refuses; who runs them counts that apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMMENTS = {"sql": "--", "cypher": "//", "rq": "#"}
_QUOTES = {"sql": "'", "cypher": "'\"", "rq": '"'}
_QUOTED = "\x00"

_COMPARISONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=", "!=": "="}
_AGGREGATES = {
    "avg": "max", "sum": "avg", "min": "max", "max": "min", "var_pop": "var_samp",
    "count": "1 + count", "median": "avg",
}  # fmt: skip
_RELATIONS = {
    "CONTAINS": "ADJACENT_TO", "LOCATED_IN": "SERVES", "HAS_PART": "CONTROLS",
    "HAS_POINT": "IS_METERED_BY", "SERVES": "MONITORS", "FEEDS": "HAS_PART",
    "CONTROLS": "FEEDS", "MONITORS": "SERVES", "IS_METERED_BY": "HAS_POINT",
    "OCCUPIES": "SERVES", "HAS_CHUNK": "HAS_POINT",
}  # fmt: skip
_LITERALS = {
    "1 hour": "2 hours", "UTC": "Asia/Tokyo", "09:00": "09:01", "17:00": "16:59",
    "isodow": "dow", "energy_interval": "energy_total", "sensor": "setpoint",
    "analog": "binary", "rack": "server", "[]": "[]", "{}": "{}",
} | {old.lower(): new.lower() for old, new in _RELATIONS.items()}  # fmt: skip
_OBJECT_PROPERTIES = {
    "contains": "adjacentTo", "locatedIn": "serves", "hasPart": "controls",
    "hasPoint": "isMeteredBy", "serves": "monitors", "feeds": "hasPart", "controls": "feeds",
    "monitors": "serves", "isMeteredBy": "hasPoint", "occupies": "serves", "chunkOf": "hasPoint",
}  # fmt: skip
_PROPERTIES = {
    "id": "name", "name": "id", "quantity": "unit", "unit": "quantity", "role": "signal",
    "signal": "role", "building_id": "floor_id", "floor_id": "building_id", "end_use": "name",
    "equipment_type": "domain", "domain": "equipment_type", "space_type": "name",
    "point_type": "quantity", "day": "n", "timestamps": "values", "values": "timestamps",
    "fed_equipment_id": "equipment_id", "fed_meter_id": "meter_id", "located_in": "part_of",
    "part_of": "id", "owner_id": "id", "site_id": "id", "zone_id": "space_id",
}  # fmt: skip
_CLAUSE_ENDS = re.compile(
    r"\b(?:AND|GROUP BY|ORDER BY|RETURN|WITH|OPTIONAL|MATCH|UNWIND|UNION|LIMIT|JOIN|LEFT|CROSS"
    r"|WHERE|WHEN|THEN|ELSE|SELECT|HAVING|ON)\b|[)};]"
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One change of a text. `before` and `after` are the lines that it touches."""

    kind: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind} in line {self.line}: {self.before} => {self.after}"


@dataclass(frozen=True, kw_only=True)
class _Source:
    """A text, and the same with comments and what quotes hold blanked out, of the same length."""

    text: str
    code: str
    language: str


_Edit = tuple[int, int, str]
_Finder = Callable[[_Source], Iterator[_Edit]]


def find_faults(text: str, language: str) -> list[Fault]:
    """Give every fault of a text; `language` is what its file's name ends with: sql, cypher, rq."""
    source = _Source(text=text, code=_blank_out(text, language), language=language)
    found: dict[str, Fault] = {}
    for kind, find in _FINDERS.items():
        for start, end, replacement in find(source):
            changed = text[:start] + replacement + text[end:]
            if changed != text:
                found.setdefault(changed, _describe(kind, text, changed, start, end, replacement))
    return list(found.values())


def _describe(kind: str, text: str, changed: str, start: int, end: int, replacement: str) -> Fault:
    first = text.rfind("\n", 0, start) + 1
    return Fault(
        kind=kind,
        line=text.count("\n", 0, start) + 1,
        before=_lines(text, first, end),
        after=_lines(changed, first, start + len(replacement)),
        text=changed,
    )


def _lines(text: str, start: int, end: int) -> str:
    """The whole lines from `start` to `end` as one."""
    stop = text.find("\n", end)
    return " ".join(text[start : stop if stop >= 0 else None].split())


def _blank_out(text: str, language: str) -> str:
    comment, quotes = re.escape(_COMMENTS[language]), _QUOTES[language]
    strings = "|".join(f"{quote}[^{quote}]*{quote}" for quote in quotes)
    iris = r"|<[^<>\s]*>|PREFIX [^\n]*" if language == "rq" else ""
    pattern = re.compile(f"{strings}|{comment}[^\n]*{iris}")

    def blank(match: re.Match[str]) -> str:
        is_comment = match.group().startswith(_COMMENTS[language])
        return re.sub(r"[^\n]", " " if is_comment else _QUOTED, match.group())

    return pattern.sub(blank, text)


def _substitutions(
    source: _Source, pattern: str, new: Callable[[re.Match[str]], str]
) -> Iterator[_Edit]:
    for match in re.finditer(pattern, source.code):
        yield match.start(), match.end(), new(match)


def _comparisons(source: _Source) -> Iterator[_Edit]:
    def new(match: re.Match[str]) -> str:
        other = _COMPARISONS[match.group()]
        return "!=" if other == "<>" and source.language == "rq" else other

    return _substitutions(source, r"(?<=\s)(?:<=|>=|<>|!=|<|>|=)(?=\s)", new)


def _distincts(source: _Source) -> Iterator[_Edit]:
    yield from _substitutions(source, r"\bDISTINCT\s+", lambda _: "")
    if source.language != "rq":
        yield from _substitutions(source, r"\bUNION\b(?! ALL)", lambda _: "UNION ALL")


def _aggregates(source: _Source) -> Iterator[_Edit]:
    names = "|".join(_AGGREGATES)
    return _substitutions(
        source, rf"(?i)\b({names})(?=\()", lambda m: _AGGREGATES[m.group().lower()]
    )


def _literals(source: _Source) -> Iterator[_Edit]:
    """Every literal becomes another, of the same sort where one is known."""
    for match in re.finditer(f"{_QUOTED}+", source.code):
        quoted = source.text[match.start() : match.end()]
        if quoted[0] in "'\"":
            inner = quoted[1:-1]
            yield match.start() + 1, match.end() - 1, _LITERALS.get(inner, f"{inner}x")


def _numbers(source: _Source) -> Iterator[_Edit]:
    for match in re.finditer(r"(?<![\w.$])\d+(?:\.\d+)?(?![\w.])", source.code):
        number = match.group()
        others = (
            (f"{float(number) * 10:g}", f"{float(number) / 10:g}")
            if "." in number
            else (str(int(number) + 1), str(int(number) - 1))
        )
        for other in others:
            yield match.start(), match.end(), other


def _hops(source: _Source) -> Iterator[_Edit]:
    """Paths that begin a hop later, or end a hop earlier."""
    for match in re.finditer(r"\*(\d+)\.\.(\d+)", source.code):
        low, high = int(match.group(1)), int(match.group(2))
        yield match.start(), match.end(), f"*{low + 1}..{high}"
        yield match.start(), match.end(), f"*{low}..{high - 1}"
    if source.language == "rq":
        yield from _substitutions(source, r"(?<=[a-zA-Z)])[+?](?= )", lambda _: "")
        yield from _substitutions(source, r"(?<=[a-zA-Z)])\*(?= )", lambda _: "+")


def _relations(source: _Source) -> Iterator[_Edit]:
    """Another relation, or one less where several are alternatives."""
    if source.language == "sql":
        return
    pattern, others = (
        (r"(?<=[:|])[A-Z_]{3,}\b", _RELATIONS)
        if source.language == "cypher"
        else (r"(?<=\bbtb:)\w+\b", _OBJECT_PROPERTIES)
    )
    yield from _substitutions(source, pattern, lambda m: others.get(m.group(), m.group()))
    name = r"\w+" if source.language == "cypher" else r"btb:\w+"
    yield from _substitutions(source, rf"\|{name}", lambda _: "")
    yield from _substitutions(source, rf"(?<=[:(\s]){name}\|", lambda _: "")


def _properties(source: _Source) -> Iterator[_Edit]:
    if source.language == "rq":
        others = {_camel(old): _camel(new) for old, new in _PROPERTIES.items()}
        pattern = r"(?<=\bbtb:)\w+\b"
    else:
        pattern, others = r"(?<=[a-z]\.)[a-z_]+\b", _PROPERTIES
    if source.language == "sql":  # `id.name` is PostgreSQL's way to write a cast
        others = {old: new for old, new in others.items() if new != "name"}
    yield from _substitutions(source, pattern, lambda m: others.get(m.group(), m.group()))


def _camel(name: str) -> str:
    first, *rest = name.removesuffix("_id").split("_")
    return first + "".join(word.capitalize() for word in rest)


def _directions(source: _Source) -> Iterator[_Edit]:
    if source.language == "cypher":
        yield from _substitutions(source, r"(?<!<)-(\[[^\]]*\])->", lambda m: f"<-{m[1]}-")
        yield from _substitutions(source, r"<-(\[[^\]]*\])-(?!>)", lambda m: f"-{m[1]}->")
        yield from _substitutions(source, r"(?<!<)-(\[[^\]]*\])-(?!>)", lambda m: f"-{m[1]}->")
    if source.language == "rq":
        names = "|".join(_OBJECT_PROPERTIES)
        yield from _substitutions(source, rf"\bbtb:(?:{names})\b", lambda m: f"^{m.group()}")


def _conditions(source: _Source) -> Iterator[_Edit]:
    """Drop one condition of several: it is always true."""
    if source.language == "rq":
        for match in re.finditer(r"\bFILTER (?:NOT )?(?:EXISTS )?(?=[({])", source.code):
            yield match.start(), _closing(source.code, match.end()) + 1, ""
        return
    for match in re.finditer(r"\b(?:WHERE|ON|AND)\s+", source.code):
        end = _end_of_condition(source.code, match.end())
        if end > match.end():
            yield match.end(), end, "TRUE"


def _end_of_condition(code: str, start: int) -> int:
    position = start
    while match := _CLAUSE_ENDS.search(code, position):
        opened = code.find("(", position, match.start())
        if opened < 0:
            break
        position = _closing(code, opened) + 1
    stop = len(code) if match is None else match.start()
    return start + len(code[start:stop].rstrip()) if stop else stop


def _closing(code: str, opened: int) -> int:
    """Give the position of the bracket that closes the one at `opened`."""
    depth = 0
    for position in range(opened, len(code)):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(code[position], 0)
        if depth == 0:
            return position
    raise ValueError(f"no bracket closes the one at {opened}")


def _branches(source: _Source) -> Iterator[_Edit]:
    """Drop one of the alternatives that a UNION adds."""
    for match in re.finditer(r"\s+UNION(?: ALL)?\s+", source.code):
        if source.language == "rq":
            yield match.start(), _closing(source.code, match.end()) + 1, ""
            continue
        end, depth = match.end(), 0
        while end < len(source.code):
            depth += {"(": 1, ")": -1}.get(source.code[end], 0)
            rest = source.code[end:]
            if depth < 0 or (depth == 0 and re.match(r"\s(?:UNION|ORDER BY)\b", rest)):
                break
            end += 1
        yield match.start(), end, "\n"


def _outer_joins(source: _Source) -> Iterator[_Edit]:
    yield from _substitutions(source, r"\bLEFT (?=JOIN)|\bOPTIONAL ", lambda _: "")


def _orders(source: _Source) -> Iterator[_Edit]:
    yield from _substitutions(source, r" DESC\b", lambda _: "")
    if source.language == "rq":
        yield from _substitutions(source, r"(?<=ORDER BY )\?\w+", lambda m: f"DESC({m.group()})")
    else:
        yield from _substitutions(
            source, r"(?<=ORDER BY )[\w.]+(?! DESC)(?=[\s,]|$)", lambda m: f"{m.group()} DESC"
        )


def _nulls(source: _Source) -> Iterator[_Edit]:
    yield from _substitutions(source, r"\bIS NOT NULL\b", lambda _: "IS NULL")
    yield from _substitutions(source, r"\bIS NULL\b", lambda _: "IS NOT NULL")


def _arithmetic(source: _Source) -> Iterator[_Edit]:
    others = {"+": "-", "-": "+", "*": "/", "/": "*"}
    return _substitutions(source, r"(?<=[\w)\]] )[-+*/](?= [\w($%])", lambda m: others[m.group()])


def _windows(source: _Source) -> Iterator[_Edit]:
    """A window that begins or ends an hour later, as from a wrong time zone."""
    if source.language == "sql":
        later = "({} + INTERVAL '1 hour')"
        pattern = r"%\((?:start|end)\)s"
    else:
        later, pattern = "({} + 3600)", r"\$(?:start|end)\b"
    return _substitutions(source, pattern, lambda m: later.format(m.group()))


_FINDERS: dict[str, _Finder] = {
    "comparison": _comparisons,
    "duplicates": _distincts,
    "aggregate": _aggregates,
    "literal": _literals,
    "number": _numbers,
    "hops": _hops,
    "relation": _relations,
    "property": _properties,
    "direction": _directions,
    "condition": _conditions,
    "branch": _branches,
    "outer join": _outer_joins,
    "order": _orders,
    "null": _nulls,
    "arithmetic": _arithmetic,
    "window": _windows,
}
