"""The secret in the link of a kept list."""

from __future__ import annotations

import re
from typing import Final

from anirec.store.secret_keys import KEY_PATTERN

LONGEST_LINK: Final = 300
IN_LINK: Final = re.compile(rf"(?:^|/)({KEY_PATTERN.strip('^$')})$", re.ASCII)


def secret_in(link: str) -> str | None:
    """Return the secret in what somebody gave as the link of a kept list, None without one."""
    path = link.strip()[:LONGEST_LINK].partition("?")[0].partition("#")[0]
    found = IN_LINK.search(path.rstrip("/"))
    return found[1] if found else None
