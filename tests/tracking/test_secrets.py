from __future__ import annotations

import pytest

from anirec.tracking.secrets import HIDDEN, hide_in, hide_named


@pytest.mark.parametrize(
    "name", ["api_key", "COMET_API_KEY", "comet.apikey", "token", "db-password", "a.client_secret"]
)
def test_values_named_like_secrets_are_hidden(name: str) -> None:
    assert hide_named({name: "x"}) == {name: HIDDEN}


@pytest.mark.parametrize("name", ["split.salt", "models.content.encoder", "monkey", "tokenizers"])
def test_other_values_are_kept(name: str) -> None:
    assert hide_named({name: "x"}) == {name: "x"}


def test_only_secrets_of_the_environment_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "abcdefgh")
    monkeypatch.setenv("SHORT_KEY", "a")
    monkeypatch.setenv("SOME_NAME", "plain text")

    assert hide_in("plain text abcdefgh a") == f"plain text {HIDDEN} a"
