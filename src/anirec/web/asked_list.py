"""The list that a request carries: as ``?list=`` in its address, or as a field of a posted form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from flask import g, request

from anirec.lists.list_code import CodedList, decode_list

if TYPE_CHECKING:
    from anirec.data.histories import Entry

LIST_NAME: Final = "list"
"""Of the parameter and of the form's field"""

MAX_IN_ADDRESS: Final = 3_400
"""Characters of the longest list that addresses carry; longer ones are posted. Many proxies refuse
request lines beyond 8,190 bytes, as our server does, and people share what is shorter."""


def asked() -> CodedList:
    """Return the list that the answer is about and the shows that it hides; empty where there is none.

    Raises
    ------
    ListCodeError
        If the text is damaged.
    """
    if "asked" not in g:
        g.asked = decode_list(asked_code())
    return cast("CodedList", g.asked)


def asked_code() -> str:
    """Return the code of that list: the one that came, for of a list there is one code only."""
    if "asked_code" not in g:
        g.asked_code = request.values.get(LIST_NAME, "")
    return cast("str", g.asked_code)


def go_on_with(coded: CodedList, code: str) -> None:
    """Put a list in place of the one that came: from now on the answer is about it."""
    g.asked, g.asked_code = coded, code


def asked_list() -> list[Entry]:
    """Return the entries of that list; raises as ``asked`` does."""
    return list(asked().entries)


def code_to_carry() -> str:
    """Return the code of the list that this page is about, where links can carry it; else nothing."""
    # Only of pages that asked for it: looking would read a body that may be an upload.
    code = asked_code() if "asked" in g else ""
    return code if len(code) <= MAX_IN_ADDRESS else ""
