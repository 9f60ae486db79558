"""Saved and loaded: what is refused, and why."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import pickle
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skops.io

from helpers import production, simulator
from helpers.production import ModelError
from helpers.production.card import Card
from helpers.production.storage import TRUSTED, check_versions, digest_path

TODAY = pd.Timestamp("2025-10-01")


def test_saved_and_loaded_is_the_same(model, store, saved):
    loaded = production.load(saved)
    assert loaded.card == model.card
    pd.testing.assert_frame_equal(
        production.score(loaded, store, TODAY), production.score(model, store, TODAY)
    )
    assert saved.with_name("m.skops.md").read_text(encoding="utf-8") == model.card.markdown()
    trusted = skops.io.get_untrusted_types(data=saved.read_bytes())
    assert set(trusted) == set(TRUSTED), "the list is no longer than it must be"


def test_the_same_model_gives_the_same_bytes(model, tmp_path, monkeypatch):
    """Wherever in memory its parts lie, and whatever the time is."""
    first = production.save(model, tmp_path / "a.skops")
    monkeypatch.setattr("time.time", lambda: 2e9)
    again = copy.deepcopy(model)
    assert production.save(again, tmp_path / "b.skops") == first
    assert (tmp_path / "a.skops").read_bytes() == (tmp_path / "b.skops").read_bytes()


def vouched(path: Path, data: bytes) -> Path:
    """Write a file with its right digest beside it, as a careful enemy would."""
    path.write_bytes(data)
    digest_path(path).write_text(f"{hashlib.sha256(data).hexdigest()}  {path.name}\n")
    return path


class Evil:
    def __reduce__(self):
        return os.system, ("echo run > evil.txt",)


def refused(path: Path, said: str, **options) -> None:
    with pytest.raises(ModelError, match=said) as caught:
        production.load(path, **options)
    assert "\n" not in str(caught.value)


def test_a_pickle_is_refused_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for protocol in (0, 2, 5):
        refused(
            vouched(tmp_path / "m.skops", pickle.dumps(Evil(), protocol)), "pickle|no skops file"
        )
    refused(vouched(tmp_path / "m.pkl", b"anything"), "is a pickle")
    assert not (tmp_path / "evil.txt").exists()


@pytest.mark.parametrize(
    "thing", [os.system, eval, Path("x"), subprocess.Popen, simulator.simulate]
)
def test_a_foreign_type_is_refused_by_name(tmp_path, thing):
    try:
        data = skops.io.dumps({"card": thing})
    except Exception:
        pytest.skip("skops does not even write it")
    refused(vouched(tmp_path / "m.skops", data), "never does: refused|not a model")


def test_a_file_that_is_no_model_is_refused(tmp_path):
    refused(tmp_path / "none.skops", "cannot be read .*train a model first")
    refused(vouched(tmp_path / "a.skops", b""), "no skops file")
    refused(
        vouched(tmp_path / "b.skops", skops.io.dumps([1, 2])), "not a model that this course saved"
    )
    names = ["card", "propensity", "segment", "taste"]
    refused(
        vouched(tmp_path / "c.skops", skops.io.dumps(dict.fromkeys(names, 1))),
        "card cannot be read",
    )
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("schema.json", '{"__class__": "system", "__module__": "os"}')
    refused(vouched(tmp_path / "d.skops", (tmp_path / "d.zip").read_bytes()), "skops file|refused")


def test_every_changed_byte_is_found(saved):
    data = saved.read_bytes()
    for place in np.linspace(0, len(data) - 1, 25).astype(int):
        changed = bytearray(data)
        changed[place] ^= 0xFF
        saved.write_bytes(changed)
        refused(saved, "was damaged or changed|no skops file|is damaged|is a pickle")
    saved.write_bytes(data[: len(data) // 2])
    refused(saved, "no skops file|damaged")


def test_a_digest_is_asked_for_and_must_fit(model, tmp_path):
    path = tmp_path / "m.skops"
    digest = production.save(model, path)
    digest_path(path).unlink()
    refused(path, "nobody vouches for it")
    refused(path, "differs", sha256="0" * 64)
    digest = production.save(model, path)
    refused(path, "differs", sha256="")  # an empty variable is no digest, though one stands beside
    assert production.load(path, sha256=digest.upper()).card == model.card


def test_more_than_a_model_needs_is_not_even_read(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.production.storage.LARGEST", 1_000)
    refused(vouched(tmp_path / "m.skops", b"x" * 2_000), "larger than 1,000 bytes")


def test_other_versions_are_refused(model):
    check_versions(model.card)
    for version in ("1.2.0", "99.0"):
        old = replace(model.card, versions=model.card.versions | {"scikit-learn": version})
        with pytest.raises(ModelError, match="train it anew"):
            check_versions(old)
    content = json.loads(model.card.to_json()) | {"format": 99}
    with pytest.raises(ModelError, match="format 99"):
        Card.from_json(json.dumps(content))
