"""The service over real HTTP on this machine. Needs the extra `serve`:

uv run --extra serve pytest -n 0 tests/service
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pandas as pd
import pytest

from helpers import cold_start, production
from helpers.files import ROOT
from helpers.service.__main__ import listen, main
from helpers.service.memory import Memory

# the core, without HTTP: also where the extra is not installed


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"favorite_category": "toys"},
        {"age_band": "65+", "device": "mobile"},
        {
            "age_band": "18-24",
            "income_band": "low",
            "region": "east",
            "acquisition_channel": "ads",
            "source": "ads",
            "device": "desktop",
            "part_of_day": "night",
            "landing_category": "home",
        },
    ],
)
def test_the_fast_prior_is_that_of_the_hybrid(store, model, known):
    signed = store.customers["signed_up_at"]
    moment = pd.Timestamp("2025-10-01")
    lately = store.customers.loc[
        signed.between(moment - pd.Timedelta("365D"), moment, inclusive="left"), "customer_id"
    ]
    tables = {name: t[t["customer_id"].isin(lately)] for name, t in store.tables.items()}
    table = cold_start.moments(replace(store, **tables))
    hybrid = cold_start.Hybrid().fit(table[table["moment"] < moment].reset_index(drop=True))
    row = cold_start.visitor(hybrid, known)
    np.testing.assert_allclose(model.shares(known), hybrid.prior(row)[0], atol=1e-8)


def test_saved_and_loaded_recommends_the_same(model, model_file):
    loaded = production.load(model_file)
    known = {"favorite_category": "beauty", "device": "mobile"}
    np.testing.assert_allclose(loaded.shares(known), model.shares(known))
    assert "C0" not in json.dumps(loaded.profiles), "no customer's id is in the file"


def test_the_propensities_are_the_frequencies(model):
    rng = np.random.default_rng(0)
    zero = np.zeros(len(model.categories))
    a, b = model.beta(model.shares({"favorite_category": "toys"}), zero, zero)
    shown = [model.recommend(a, b, rng) for _ in range(3_000)]
    first = pd.Series([s.categories[0] for s in shown])
    said = pd.Series([s.propensity[0] for s in shown]).groupby(first).mean()
    np.testing.assert_allclose(said, first.value_counts(normalize=True).sort_index(), atol=0.03)
    assert all(
        len(set(s.categories)) == production.SLOTS and (s.propensity > 0).all() for s in shown
    )


def test_clicks_teach_and_hidden_is_never_shown_again(model):
    memory = Memory(model, seed=0)
    share = {"before": 0, "after": 0}
    for when in share:
        for _ in range(300):
            _, chosen = memory.recommend("x", {}, 1)
            share[when] += list(chosen) == ["sports"]
        for _ in range(40):
            name, chosen = memory.recommend("x", {}, 6)
            memory.feedback(name, ["sports"], [])
    assert share["after"] > share["before"] + 100
    name, chosen = memory.recommend("x", {}, 6)
    memory.feedback(name, [], ["sports", "toys"])
    assert not {"sports", "toys"} & set(memory.recommend("x", {}, 6)[1])
    name, chosen = memory.recommend("x", {}, 6)
    memory.feedback(name, [], list(chosen))
    assert memory.recommend("x", {}, 6)[1] == {}
    assert len(memory.recommend("y", {}, 6)[1]) == 6, "another customer has their own memory"


def test_the_log_brings_everything_back(model, tmp_path):
    log = tmp_path / "log.jsonl"
    memory = Memory(model, log, seed=0)
    for i in range(20):
        name, chosen = memory.recommend(f"c{i % 3}", {}, 3)
        if i % 2:
            memory.feedback(name, list(chosen)[:1], list(chosen)[2:])
    memory.log.close()
    with log.open("a", encoding="utf-8") as file:
        file.write('{"decision": "cut sho')  # the machine stopped here
    again = Memory(model, log, seed=0)
    assert (
        again.open.keys() == memory.open.keys() and again.answered.keys() == memory.answered.keys()
    )
    for name, visitor in memory.visitors.items():
        np.testing.assert_array_equal(again.visitors[name].shown, visitor.shown)
        np.testing.assert_array_equal(again.visitors[name].clicked, visitor.clicked)
        assert again.visitors[name].hidden == visitor.hidden


def test_what_comes_after_a_line_cut_short_is_not_lost(model, tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_bytes(b'5\n[]\n\xff\xfe\n{"decision": "cut sho')
    memory = Memory(model, log, seed=0)
    assert memory.skipped == 4
    name, chosen = memory.recommend("x", {}, 2)
    memory.feedback(name, [], list(chosen))
    memory.log.close()
    assert Memory(model, log, seed=0).visitors["x"].hidden == set(chosen)


def test_what_cannot_be_logged_is_not_learned_and_may_be_sent_again(model, tmp_path, monkeypatch):
    memory = Memory(model, tmp_path / "log.jsonl", seed=0)
    name, chosen = memory.recommend("x", {}, 2)
    with monkeypatch.context() as patch:
        patch.setattr(memory, "_write", lambda _: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            memory.feedback(name, [], list(chosen))
    assert not memory.visitors["x"].hidden
    memory.feedback(name, [], list(chosen))
    assert memory.visitors["x"].hidden == set(chosen)


def test_memory_is_bounded(model, monkeypatch):
    monkeypatch.setattr("helpers.service.memory.CUSTOMERS", 10)
    monkeypatch.setattr("helpers.service.memory.DECISIONS", 20)
    memory = Memory(model, seed=0)
    for i in range(50):
        memory.recommend(f"c{i}", {}, 1)
    assert len(memory.visitors) == 10 and len(memory.open) == 20


def test_without_the_extra_or_a_model_there_is_a_sentence():
    command = [sys.executable, "-m", "helpers.service", "--model", "none.skops"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "is not installed" in done.stderr or "train a model first" in done.stderr


def test_without_the_extra_or_with_another_file_there_is_a_sentence(capsys):
    assert main(["--model", str(ROOT / "pyproject.toml")]) == 2
    said = capsys.readouterr().err
    assert "is not installed" in said or "no skops file" in said


# over HTTP


@contextmanager
def running(model_file: Path, *options: str) -> Iterator[str]:
    """The address of the service, started as a reader starts it."""
    pytest.importorskip(
        "fastapi", reason="the extra `serve` is not installed: uv run --extra serve pytest"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "helpers.service",
        "--model",
        str(model_file),
        "--port",
        str(port),
    ]
    with subprocess.Popen(
        [*command, *options], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(600):
                try:
                    httpx.get(f"{address}/health").raise_for_status()
                    break
                except httpx.TransportError:
                    assert process.poll() is None, process.stderr.read()
                    time.sleep(0.1)
            yield address
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def service(model_file) -> Iterator[str]:
    with running(model_file) as address:
        yield address


def test_a_visit_from_recommendation_to_feedback(service):
    visit = {
        "customer_id": "new1",
        "survey": {"favorite_category": "toys"},
        "context": {"device": "mobile"},
    }
    answer = httpx.post(f"{service}/recommend", json=visit)
    assert answer.status_code == 200
    rows = answer.json()["recommendations"]
    assert [row["position"] for row in rows] == [1, 2, 3] and all(
        0 < row["propensity"] <= 1 for row in rows
    )
    thanks = {"decision_id": answer.json()["decision_id"], "clicked": [rows[0]["category"]]}
    assert httpx.post(f"{service}/feedback", json=thanks).json() == {"learned": True}
    again = httpx.post(f"{service}/feedback", json=thanks)
    assert again.status_code == 409 and "already" in again.json()["error"]
    health = httpx.get(f"{service}/health").json()
    assert health["status"] == "ok" and health["customers_remembered"] >= 1


def problem(answer: httpx.Response, *status: int) -> str:
    """The sentence of a refusal; no refusal shows the inside."""
    assert answer.status_code in status, answer.text
    assert (
        "Traceback" not in answer.text
        and "/helpers/" not in answer.text
        and '.py"' not in answer.text
    )
    return answer.json()["error"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "Field required"),
        (b"{", "JSON decode"),
        (b"\xff\xfe\x00", "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b"[" * 5_000, "body|JSON|0"),
        (b'{"slots": 1e999}', "slots"),
        (b'{"slots": NaN}', "slots"),
        (b'{"slots": 7}', "slots"),
        (b'{"slots": true}', "slots"),
        (b'{"customer_id": "\\ud800"}', "customer_id"),
        (b'{"customer_id": "a\\u0000b"}', "customer_id"),
        (b'{"customer_id": 5}', "customer_id"),
        (b'{"survey": {"favorite_category": "spoons"}}', "'toys'"),
        (b'{"survey": {"favourite": "toys"}}', "Extra inputs"),
        (b'{"context": {"landing_category": ["home"]}}', "landing_category"),
    ],
)
def test_garbage_gets_a_sentence(service, body, said):
    answer = httpx.post(
        f"{service}/recommend", content=body, headers={"content-type": "application/json"}
    )
    sentence = problem(answer, 400, 422)
    assert any(part in sentence for part in said.split("|")), sentence


def test_large_bodies_are_refused_announced_or_not(service):
    large = b'{"customer_id": "' + b"x" * 2_000_000 + b'"}'
    assert "larger than" in problem(httpx.post(f"{service}/recommend", content=large), 413)

    def in_pieces():
        for place in range(0, len(large), 50_000):
            yield large[place : place + 50_000]

    try:
        assert "larger than" in problem(
            httpx.post(f"{service}/recommend", content=in_pieces()), 413
        )
    except httpx.TransportError:
        pass  # the service stopped listening before everything was sent: refused as well
    assert httpx.get(f"{service}/health").status_code == 200


def test_feedback_on_nothing_or_on_what_was_not_shown(service):
    assert "No such decision" in problem(
        httpx.post(f"{service}/feedback", json={"decision_id": "0" * 32}), 404
    )
    shown = httpx.post(f"{service}/recommend", json={"slots": 1}).json()
    other = next(c for c in ("toys", "home") if c != shown["recommendations"][0]["category"])
    wrong = {"decision_id": shown["decision_id"], "clicked": [other]}
    assert "was not shown" in problem(httpx.post(f"{service}/feedback", json=wrong), 422)
    wrong["clicked"] = ["spoons"]
    assert "clicked" in problem(httpx.post(f"{service}/feedback", json=wrong), 422)


@pytest.mark.parametrize("port", ["99999", "taken"])
def test_a_door_that_cannot_be_opened_is_a_sentence(model_file, port):
    pytest.importorskip("fastapi", reason="the extra `serve` is not installed")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1]) if port == "taken" else port
        command = [
            sys.executable,
            "-m",
            "helpers.service",
            "--model",
            str(model_file),
            "--port",
            port,
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 2 and "pass another --port" in done.stderr
    assert "Traceback" not in done.stderr and "listening on" not in done.stderr


def test_answers_do_not_wait_for_more_to_send():
    """asyncio switches Nagle's algorithm off only where the socket names its protocol: 2 ms or
    42."""
    with listen("127.0.0.1", 0) as door:
        assert door.proto == socket.IPPROTO_TCP


def test_unknown_pages_and_methods(service):
    assert problem(httpx.get(f"{service}/../etc/passwd"), 404)
    assert problem(httpx.delete(f"{service}/health"), 405)


def test_the_documentation_loads_nothing_from_elsewhere(service):
    page = httpx.get(f"{service}/docs").text
    assert "swagger-ui" in page and "http://" not in page and "https://" not in page
    description = httpx.get(f"{service}/openapi.json").json()
    assert set(description["paths"]) == {"/recommend", "/feedback", "/health"}


def test_a_thousand_requests_at_once_are_all_answered(service):
    async def all_at_once() -> list[int]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(limits=limits, timeout=120) as client:
            posts = [
                client.post(f"{service}/recommend", json={"customer_id": f"p{i % 50}"})
                for i in range(1_000)
            ]
            return [answer.status_code for answer in await asyncio.gather(*posts)]

    assert asyncio.run(all_at_once()) == [200] * 1_000


def test_schemathesis_finds_nothing(service, tmp_path):
    tool = Path(sys.executable).parent / "schemathesis"
    command = [str(tool), "run", f"{service}/openapi.json", "--max-examples", "40", "--seed", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]


def test_a_restart_remembers(model_file, tmp_path):
    log = str(tmp_path / "log.jsonl")
    with running(model_file, "--log", log) as address:
        first = httpx.post(f"{address}/recommend", json={"customer_id": "x"}).json()
        every = [row["category"] for row in first["recommendations"]]
        httpx.post(
            f"{address}/feedback", json={"decision_id": first["decision_id"], "hidden": every}
        )
    with running(model_file, "--log", log) as address:
        rows = httpx.post(f"{address}/recommend", json={"customer_id": "x", "slots": 6}).json()[
            "recommendations"
        ]
        assert not set(every) & {row["category"] for row in rows}


@pytest.mark.parametrize(
    ("name", "status"),
    [("localhost", 200), ("127.0.0.1:8000", 200), ("[::1]:8000", 200), ("evil.example", 400)],
)
def test_only_requests_that_name_this_machine_are_answered(service, name, status):
    """Else a page could give its own name this machine's address and teach the service."""
    assert httpx.get(f"{service}/health", headers={"Host": name}).status_code == status
