"""Hooks of MkDocs: what the pages link to outside of ``docs/`` becomes a part of the site.

On GitHub a link from a page to ``../../src/...`` opens the file. So that it does in the site, too,
and without a network, every file and folder that is linked gets a page of its own there. The
changelog and the guide for contributors become pages like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from posixpath import dirname, join, normpath, relpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
PAGES = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
"""Files of the root that are pages; by name, the page."""

_LARGEST_FOLDER = 40_000  # bytes of which a folder shows the content of its files
_LANGUAGES = {".py": "python", ".rq": "sparql", ".yml": "yaml"}
_FENCED = re.compile(r"(^```.*?^```\n|`[^`\n]+`)", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(\]\()(?!\w+:|#)([^)#\s]+)(#[^)\s]*)?(\))")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add a page for each file and folder that some page links to."""
    texts = {f"docs/{f.src_uri}": f.content_string for f in files.documentation_pages()}
    texts |= {name: (ROOT / name).read_text(encoding="utf-8") for name in PAGES}
    for target in sorted({t for path, text in texts.items() for t in linked_outside(path, text)}):
        content = describe(ROOT / target, target)
        files.append(File.generated(config, site_path(target), content=content))
    for name, uri in PAGES.items():
        files.append(File.generated(config, uri, content=move_links(texts[name], name, uri)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links that leave ``docs/`` into links to the pages made of what they lead to."""
    uri = page.file.src_uri
    is_written_here = uri in PAGES.values() or uri.startswith("source/")
    return markdown if is_written_here else move_links(markdown, f"docs/{uri}", uri)


def linked_outside(path: str, text: str) -> Iterator[str]:
    """Give what a text at a path of the repository links to that is no page of the site."""
    for part in _FENCED.split(text)[::2]:
        for found in _LINK.finditer(part):
            target = normpath(join(dirname(path), found[2]))
            if site_path(target).startswith("source/") and (ROOT / target).exists():
                yield target


def move_links(text: str, path: str, uri: str) -> str:
    """Rewrite the links of a text at a path of the repository for its page of the site."""

    def move(found: re.Match[str]) -> str:
        target = site_path(normpath(join(dirname(path), found[2])))
        return f"{found[1]}{relpath(target, dirname(uri) or '.')}{found[3] or ''}{found[4]}"

    parts = _FENCED.split(text)
    parts[::2] = [_LINK.sub(move, part) for part in parts[::2]]
    return "".join(parts)


def site_path(target: str) -> str:
    """Give the page of the site, before it is HTML, of a path of the repository."""
    if target in PAGES:
        return PAGES[target]
    if not target.startswith("docs/"):
        return f"source/{target}.md"
    index = "/README.md" if (ROOT / target).is_dir() else ""
    return f"{target.removeprefix('docs/')}{index}"


def describe(path: Path, name: str) -> str:
    """Write the page of a file or folder."""
    kinds: Mapping[bool, Callable[[Path], str]] = {True: _folder, False: _file}
    return f"---\nsearch:\n  exclude: true\n---\n\n# {name}\n\n{kinds[path.is_dir()](path)}"


def _folder(folder: Path) -> str:
    paths = [p for p in sorted(folder.iterdir()) if not p.name.startswith(("__", "."))]
    files = [path for path in paths if path.is_file()]
    if len(files) < len(paths) or sum(f.stat().st_size for f in files) > _LARGEST_FOLDER:
        return "".join(f"- `{path.name}{'/' * path.is_dir()}`\n" for path in paths)
    return "".join(f"## {file.name}\n\n{_file(file)}\n" for file in files)


def _file(path: Path) -> str:
    language = _LANGUAGES.get(path.suffix, path.suffix.lstrip("."))
    return f"``````{language}\n{path.read_text(encoding='utf-8')}``````\n"
