"""What the site is made of: exact, small, the same each time, and with nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zipfile
from pathlib import Path

import pytest
from maatwerk import LANGUAGES
from maatwerk.content import content_root, originals
from maatwerk_exercises.assignments import assignments
from maatwerk_learner.progress import read_outlines
from maatwerk_site.inputs import InputError, fetch_pyodide
from maatwerk_site.pages import PAGES
from maatwerk_site.pins import Slimming, read_pins
from maatwerk_site.policy import course_policy, plain_policy, with_policy
from maatwerk_site.serve import cache_control
from maatwerk_site.wheels import empty_wheel, slim, with_compiled, write_wheel

in_the_site = pytest.mark.xdist_group("site")


def wheel(folder: Path) -> Path:
    info = "thing-1.0.dist-info"
    contents = {"thing/__init__.py": b"", "thing/big.js": b"x" * 1000, "thing/data/a.json": b"{}"}
    return write_wheel(
        {**contents, f"{info}/METADATA": b"Name: thing"}, folder / "thing-1.0-py3-none-any.whl"
    )


def test_a_slim_wheel_lacks_what_was_dropped_and_lists_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "slim").mkdir()
    made = slim(wheel(tmp_path), Slimming(("thing/*",), ("thing/__init__.py",)), tmp_path / "slim")
    with zipfile.ZipFile(made) as archive:
        names = archive.namelist()
        record = archive.read("thing-1.0.dist-info/RECORD").decode()
    assert names == ["thing-1.0.dist-info/METADATA", "thing/__init__.py", "thing-1.0.dist-info/RECORD"]
    assert [line.split(",")[0] for line in record.splitlines()] == names
    again = slim(wheel(tmp_path), Slimming(("thing/*",), ("thing/__init__.py",)), tmp_path / "slim")
    assert again.read_bytes() == made.read_bytes()


def test_an_empty_wheel_has_only_what_may_be_imported(tmp_path: Path) -> None:
    with zipfile.ZipFile(empty_wheel("jedi", ["jedi/__init__.py"], tmp_path)) as archive:
        names = [name for name in archive.namelist() if not name.startswith("jedi-0.0.0.dist-info/")]
        assert names == ["jedi/__init__.py"]
        assert archive.read("jedi/__init__.py") == b""


def test_a_compiled_module_stands_in_the_place_of_its_source(tmp_path: Path) -> None:
    info = "thing-1.0.dist-info"
    sources = {"thing/__init__.py": b"a = 1", "thing/other.py": b"b = 2", f"{info}/METADATA": b"Name: thing"}
    plain = write_wheel(sources, tmp_path / "thing-1.0-py3-none-any.whl")
    compiled = tmp_path / "compiled"
    (compiled / "thing").mkdir(parents=True)
    (compiled / "thing" / "__init__.pyc").write_bytes(b"code")
    (tmp_path / "into").mkdir()
    with zipfile.ZipFile(with_compiled(plain, compiled, tmp_path / "into")) as archive:
        assert archive.read("thing/__init__.pyc") == b"code"
        assert archive.read("thing/other.py") == b"b = 2"
        assert "thing/__init__.py" not in archive.namelist()
        record = archive.read(f"{info}/RECORD").decode()
    assert [line.split(",")[0] for line in record.splitlines()] == archive.namelist()


def test_another_package_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    pins = read_pins()
    planted = tmp_path / f"pyodide-{pins.pyodide}.tgz"
    planted.write_bytes(b"something else")
    with pytest.raises(InputError, match="pins"):
        fetch_pyodide(pins, tmp_path)
    assert not planted.exists()


def test_the_policies_name_no_host_and_no_code_but_the_pages_own() -> None:
    page = '<html><head></head><body><script>run()</script><script type="application/json">{}</script></body>'
    digest = base64.b64encode(hashlib.sha256(b"run()").digest()).decode()
    for policy in (course_policy(page), plain_policy(page)):
        assert "default-src 'none'" in policy
        assert f"'sha256-{digest}'" in policy and policy.count("sha256-") == 1
        assert not re.search(r"https?:|\*|[a-z]\.[a-z]", policy)
        assert policy in with_policy(page, policy)
    # Python is WebAssembly; no text becomes code. That JupyterLab can do without, a whole visit shows.
    assert re.findall(r"'[\w-]*eval'", course_policy(page)) == ["'wasm-unsafe-eval'"]
    assert "eval" not in plain_policy(page) and "unsafe" not in plain_policy(page)
    with pytest.raises(ValueError, match="head"):
        with_policy("<p>no head</p>", "")


@in_the_site
def test_the_built_site_is_whole(site: Path) -> None:
    made = json.loads((site / "site.json").read_text(encoding="utf-8"))["files"]
    there = {one.relative_to(site).as_posix() for one in site.rglob("*") if one.is_file()} - {"site.json"}
    assert set(made) == there
    assert not [name for name in there if name.endswith(".map")]
    for page in ("index.html", "en.html", "lab/index.html"):
        head = (site / page).read_text(encoding="utf-8")
        assert head.index("Content-Security-Policy") < head.index("<script")
    for language in LANGUAGES:
        names = {one.target.as_posix() for one in originals(content_root(), language)}
        assert {name for name in there if name.startswith(f"files/{language}/")} == {
            f"files/{language}/{name}" for name in names
        }


@in_the_site
def test_the_start_page_leads_to_every_chapter_and_every_assignment(site: Path) -> None:
    for language, page in PAGES.items():
        text = (site / page).read_text(encoding="utf-8")
        opens = {Path(found) for found in re.findall(r'href="lab/index\.html\?path=([^"]+)"', text)}
        assert all((site / "files" / one).is_file() for one in opens)
        chapters = {one.stem for one in read_outlines(content_root() / "course" / language)}
        assert {one.stem for one in opens} == {"00-start", *chapters, *assignments()}
        for assignment in assignments().values():
            assert assignment.title[language] in text


@in_the_site
def test_no_notebook_can_be_saved_over_the_next_release(site: Path) -> None:
    listed = [
        one
        for file in (site / "api" / "contents").rglob("all.json")
        for one in json.loads(file.read_text(encoding="utf-8"))["content"]
    ]
    notebooks = [one for one in listed if one["type"] == "notebook"]
    assert len(notebooks) == 30
    assert not any(one["writable"] for one in notebooks)


@in_the_site
def test_only_what_is_named_by_its_contents_is_kept_without_asking(site: Path) -> None:
    names = [one.relative_to(site).as_posix() for one in site.rglob("*") if one.is_file()]
    kept = {name for name in names if "immutable" in cache_control(name)}
    (python,) = site.glob("python-*")
    digests = {
        one.relative_to(python).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in sorted(python.rglob("*"))
        if one.is_file()
    }
    listed = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
    assert python.name == f"python-{listed[:12]}"
    assert {f"{python.name}/{name}" for name in digests} <= kept
    assert {Path(name).suffix for name in kept if not name.startswith("python-")} == {".js"}
    for name in (
        "index.html",
        "lab/index.html",
        "jupyter-lite.json",
        "service-worker.js",
        "build/lab/bundle.js",
    ):
        assert name in names and name not in kept
    assert not [name for name in kept if name.startswith(("files/", "api/", "pages/"))]


@in_the_site
def test_everything_that_python_loads_is_here_and_is_what_the_lock_says(site: Path) -> None:
    (python,) = site.glob("python-*")
    packages = json.loads((python / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    for package in packages.values():
        file = python / package["file_name"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == package["sha256"]
    assert {"maatwerk", "ipywidgets", "anywidget", "plotly", "fsrs"} <= set(packages)
    assert "numpy" not in packages


@in_the_site
@pytest.mark.parametrize(
    ("archive", "starts_with", "comes_later"),
    [
        ("python_stdlib.zip", "encodings/__init__", "pydoc"),
        ("maatwerk-*.whl", "maatwerk_widgets/plane", "maatwerk_app/cli"),
    ],
)
def test_what_python_imports_as_it_starts_is_compiled(
    site: Path, archive: str, starts_with: str, comes_later: str
) -> None:
    (file,) = site.glob(f"python-*/{archive}")
    with zipfile.ZipFile(file) as packed:
        names = packed.namelist()
        head = packed.read(f"{starts_with}.pyc")[:8]
    assert f"{starts_with}.py" not in names
    assert f"{comes_later}.py" in names and f"{comes_later}.pyc" not in names
    # Python 3.14's own mark, and "checked by nobody": it would look for the source that is not there.
    assert int.from_bytes(head[:2], "little") in range(3600, 3650) and head[2:4] == b"\r\n"
    assert int.from_bytes(head[4:8], "little") == 1
