from __future__ import annotations

from anirec.content.text import clean_synopsis, synopsis_words, title_words
from anirec.data.show import Show


def test_credits_and_markup_are_no_part_of_a_synopsis() -> None:
    text = "A  <i>boy</i> sails.<br />\n(Source: ANN, edited)\n[Written by MAL Rewrite]"
    assert clean_synopsis(text) == "A boy sails."
    assert clean_synopsis("He (a boy) sails.") == "He (a boy) sails."
    assert clean_synopsis(None) == ""


def test_stop_words_are_left_out_and_repeats_are_kept() -> None:
    assert synopsis_words("The Pirates meet other pirates") == ["pirates", "meet", "pirates"]


def test_titles_of_a_series_share_their_telling_words() -> None:
    first = Show(1, "Hoshi no Tabi", title_english="Journey of the Stars")
    second = Show(2, "Hoshi no Tabi 2nd Season", title_english="Journey of the Stars Season 2")
    assert title_words(first) == title_words(second) == ["hoshi", "journey", "stars", "tabi"]


def test_words_of_any_script_count() -> None:
    assert title_words(Show(1, "星の旅 Movie")) == ["星の旅"]
