"""A course on a JupyterHub: learners fetch and hand in, the teacher collects, grades and gives back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from maatwerk_app.cli import main
from nbgrader.api import Gradebook
from running_hub import COURSE, INSTRUCTOR, LEARNERS, PATIENCE, Hub, Person, signed_in, xsrf

from tests.nbgrader.handed_in import EXERCISE, HALF_SCORES, NAME, answers_file, half_fields, model_fields

pytestmark = pytest.mark.xdist_group("hub")

# What each of the two learners answers, with words that are theirs alone, and what that earns.
WORDS = {"sam": "Een zin van Sam.", "robin": "Een zin van Robin."}
FIELDS = {
    "sam": {**model_fields(5, 95), "justification": WORDS["sam"]},
    "robin": {**half_fields(), "justification": WORDS["robin"]},
}
SCORES = {"sam": float(sum(EXERCISE.points.values())), "robin": sum(HALF_SCORES.values())}


def test_learners_hand_in_and_get_their_own_marks_and_feedback_back(hub: Hub) -> None:
    for task in ("assign", "release"):
        done(hub.formgrader(f"api/assignment/{NAME}/{task}", "POST"))
    for name in LEARNERS:
        learner = hub.people[name]
        assert status(learner, "released") == ["released"]
        act(learner, "fetch")
        assert status(learner, "fetched") == ["fetched"]
        content = {"type": "file", "format": "text", "content": answers_file(FIELDS[name]).decode()}
        learner.own(f"api/contents/{NAME}/answers.json", "PUT", json=content).raise_for_status()
    # One hands in with nbgrader's own list, the other with the button under the assignment.
    act(hub.people["sam"], "submit")
    assert press_the_button(hub.people["robin"])["text"].startswith("Ingeleverd om ")
    inbound = hub.folder / "exchange" / COURSE / "inbound"
    assert sorted(one.name.split("+")[0] for one in inbound.iterdir()) == sorted(LEARNERS)
    # Where the exchange's safety rests on, also after nbgrader has been at work there.
    assert [mode(one) for one in (inbound.parents[1], inbound.parent, inbound)] == ["1777", "755", "2733"]

    done(hub.formgrader(f"api/assignment/{NAME}/collect", "POST"))
    assert main(["grade", NAME, "--course-dir", str(hub.course), "--lang", "nl"]) == 0
    with Gradebook(f"sqlite:///{hub.course / 'gradebook.db'}") as gradebook:
        marks = {one.student.id: one.score for one in gradebook.assignment_submissions(NAME)}
    assert marks == pytest.approx(SCORES)

    for task in ("generate_feedback", "release_feedback"):
        done(hub.formgrader(f"api/assignment/{NAME}/{task}", "POST"))
    for name in LEARNERS:
        act(hub.people[name], "fetch_feedback")
        (page,) = (hub.home(name) / "maatwerk" / "nl" / NAME / "feedback").rglob("*.html")
        path = page.relative_to(hub.home(name) / "maatwerk" / "nl").as_posix()
        text = hub.people[name].own(f"files/{path}").text
        assert [other for other, words in WORDS.items() if words in text] == [name]


def test_everybody_reaches_their_own_and_nothing_of_another(hub: Hub) -> None:
    sam, robin, teacher = (hub.people[name] for name in (*LEARNERS, INSTRUCTOR))
    assert sam.own("api/contents/00-start.ipynb?content=0").status_code == 200
    for who, path in (
        (sam, "user/robin/api/contents"),
        (robin, "user/sam/api/contents"),
        (teacher, "user/sam/api/contents"),
        (sam, f"services/{COURSE}/formgrader/api/status"),
        (sam, f"services/{COURSE}/api/contents"),
        (hub.people["begeleider"], f"services/{COURSE}/formgrader/api/status"),
    ):
        assert who.ask(path).status_code == 403, (who.name, path)
    # A learner's server has no screens for teachers, no terminal, and lets no phone in.
    for path in ("formgrader/", "formgrader/api/status", "api/terminals", "maatwerk-live/join"):
        assert sam.own(path).status_code == 404, path
    found = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', sam.own("lab").text, re.DOTALL)
    assert found and "@jupyter/nbgrader:formgrader" in json.loads(found[1])["disabledExtensions"]
    # The first thing that a learner sees.
    assert sam.own("").url.endswith("/user/sam/lab/tree/00-start.ipynb")
    assert hub.formgrader("api/status").json() == {"status": True}


def test_a_learner_has_the_course_as_pages_behind_their_own_login(hub: Hub) -> None:
    sam, robin = (hub.people[name] for name in LEARNERS)
    browser = signed_in(hub.address, "sam")
    page = browser.get(f"{hub.address}user/sam/voila/render/05-doorbreken.ipynb", timeout=PATIENCE)
    assert page.status_code == 200 and "Dynamieken doorbreken" in page.text
    assert '"baseUrl": "/user/sam/"' in page.text and "://" not in re.sub("http://127.0.0.1", "", page.text)
    # Leaving the page stops its kernel, as a browser asks it: with the cookie that the page gave.
    kernel = re.search(r'"kernelId": "([^"]+)"', page.text)
    assert kernel
    stop = f"{hub.address}user/sam/voila/api/shutdown/{kernel[1]}"
    form = {"_xsrf": xsrf(browser, "/user/sam/")["X-XSRFToken"]}
    assert browser.post(stop, data=form, timeout=PATIENCE).status_code == 204
    assert kernel[1] not in sam.own("api/kernels").text
    assert robin.ask("user/sam/voila/render/05-doorbreken.ipynb").status_code == 403
    assert sam.own("voila/files/answers.json").status_code == 403
    assert hub.people["begeleider"].own("voila/render/00-start.ipynb").status_code == 404


def test_a_course_that_a_learner_put_in_the_exchange_reaches_nobody(hub: Hub) -> None:
    fake = hub.folder / "exchange" / "nep" / "outbound" / "kwaad"
    fake.mkdir(parents=True)
    (fake / "kwaad.ipynb").write_text("{}")
    sam = hub.people["sam"]
    assert sam.own("assignments?course_id=nep").json()["value"] == []
    assert "nep" not in sam.own("courses").json()["value"]
    sam.own("assignments/fetch", "POST", json={"course_id": "nep", "assignment_id": "kwaad"})
    assert not list(hub.home("sam").rglob("kwaad*"))


def mode(folder: Path) -> str:
    """The permissions, as `install` takes them."""
    return f"{folder.stat().st_mode & 0o7777:o}"


def done(answer: Any) -> None:
    assert answer.status_code == 200 and answer.json()["success"], answer.text


def act(learner: Person, action: str) -> None:
    """What a click in nbgrader's assignment list asks of the learner's server."""
    asked = {"course_id": COURSE, "assignment_id": NAME}
    done(learner.own(f"assignments/{action}", "POST", json=asked))


def status(learner: Person, *wanted: str) -> list[str]:
    """How the learner's list shows the assignment."""
    listed = learner.own(f"assignments?course_id={COURSE}").json()["value"]
    return [one["status"] for one in listed if one["assignment_id"] == NAME and one["status"] in wanted]


def press_the_button(learner: Person) -> dict[str, Any]:
    """Run the last cell of the assignment in a kernel of the learner, press, and see what it says."""
    code = f'from maatwerk_widgets import hand_in\nb = hand_in("{NAME}", lang="nl")\nb.submitted += 1\n'
    pressed: dict[str, Any] = json.loads(
        learner.run(f"{NAME}/{NAME}.ipynb", f"{code}import json\nprint(json.dumps(b.said))")
    )
    return pressed
