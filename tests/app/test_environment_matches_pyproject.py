"""conda's environment.yml, pip's pyproject.toml and the pinned constraints.txt ask for the same packages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def pyproject_requirements() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [
        *project["dependencies"],
        *(r for extra in project["optional-dependencies"].values() for r in extra),
    ]
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(r.name): str(r.specifier) for r in requirements if r.name != "maatwerk"}


def conda_requirements(environment: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in environment["dependencies"]:
        for written in line["pip"] if isinstance(line, dict) else [line]:
            if not written.startswith("--"):
                requirement = Requirement(written)
                found[canonicalize_name(requirement.name)] = str(requirement.specifier)
    return found


def differences(pip: dict[str, str], conda: dict[str, str]) -> list[str]:
    return sorted(
        f"{name}: pyproject {pip.get(name)!r}, environment.yml {conda.get(name)!r}"
        for name in pip.keys() | conda.keys()
        if pip.get(name) != conda.get(name)
    )


def environment() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text())
    return loaded


def test_environment_yml_asks_for_what_pyproject_asks_for() -> None:
    conda = conda_requirements(environment())
    assert (
        conda.pop("python")
        == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    )
    assert "pip" in conda
    del conda["pip"]
    assert differences(pyproject_requirements(), conda) == []


def test_environment_yml_installs_the_course_itself() -> None:
    (pip,) = (line["pip"] for line in environment()["dependencies"] if isinstance(line, dict))
    assert "--editable ." in pip


def test_a_planted_difference_is_found() -> None:
    pip = pyproject_requirements()
    missing = {name: spec for name, spec in pip.items() if name != "nbgrader"}
    other = {**pip, "plotly": ">=1"}
    assert differences(pip, missing) == [f"nbgrader: pyproject {pip['nbgrader']!r}, environment.yml None"]
    assert differences(pip, other) == [f"plotly: pyproject {pip['plotly']!r}, environment.yml '>=1'"]


def test_constraints_pin_every_package_without_an_address() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.!+_-]+", line) for line in lines), lines
    pinned = {canonicalize_name(line.partition("==")[0]): line.partition("==")[2] for line in lines}
    for name, specifier in pyproject_requirements().items():
        assert pinned[name] in Requirement(f"{name}{specifier}").specifier
