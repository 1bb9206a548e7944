"""Reads what stands below the fields of a record and the members of an enumeration."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from scripts.reference.markdown import prose

NULL = "None:"
"""How the sentence begins that says when a field is null. It is the last one."""


@cache
def attribute_docs(kind: type) -> Mapping[str, str]:
    """Give by field or member the text below it; those without one are not there."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for statement, below in pairwise(tree.body):
        name = _assigned_name(statement)
        text = below.value if isinstance(below, ast.Expr) else None
        if name and isinstance(text, ast.Constant) and isinstance(text.value, str):
            found[name] = text.value
    return found


def split_null(text: str) -> tuple[str, str]:
    """Give the meaning of a field, and when it is null; the second is empty where it never is."""
    meaning, _, null = prose(text).partition(NULL)
    return meaning.strip(), null.strip().rstrip(".")


def _assigned_name(statement: ast.stmt) -> str | None:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return None
