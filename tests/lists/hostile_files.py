"""Files that mean harm, or are just wrong: each by name, made when asked for."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from lists.exports import MANGA, anime, collection, entry, gdpr, mal_xml

if TYPE_CHECKING:
    from collections.abc import Callable

MEGA = 1_000_000
FULL = 9 * MEGA
"""Bytes of a file that just passes the limit of uploads."""

OPEN, CLOSE = b"<myanimelist>", b"</myanimelist>"


def filled(piece: bytes, before: bytes = b"", after: bytes = b"", size: int = FULL) -> bytes:
    return before + piece * (size // len(piece)) + after


def in_list(piece: bytes, size: int = FULL) -> bytes:
    return filled(piece, OPEN, CLOSE, size)


def in_entry(piece: bytes, size: int = FULL) -> bytes:
    start = OPEN + b"<anime><series_animedb_id>5</series_animedb_id><series_title>"
    return filled(piece, start, b"</series_title></anime>" + CLOSE, size)


def laughs(levels: int = 12, width: int = 10) -> bytes:
    entities = [
        '<!ENTITY l0 "lol">',
        *(f'<!ENTITY l{i} "{f"&l{i - 1};" * width}">' for i in range(1, levels)),
    ]
    head = f"<?xml version='1.0'?><!DOCTYPE myanimelist [{''.join(entities)}]>"
    return f"{head}<myanimelist>&l{levels - 1};</myanimelist>".encode()


def doctype(declaration: str, use: str = "&x;") -> bytes:
    return f"<!DOCTYPE myanimelist [{declaration}]><myanimelist>{use}</myanimelist>".encode()


def packed(piece: bytes, times: int, kind: int = 31, level: int = 9) -> bytes:
    """A piece so many times over, in gzip, without ever being whole in memory."""
    packer = zlib.compressobj(level, wbits=kind)
    return b"".join([*(packer.compress(piece) for _ in range(times)), packer.flush()])


def zip_of(content: bytes, name: str = "list.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def tar_of(content: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        about = tarfile.TarInfo("../../list.xml")
        about.size = len(content)
        archive.addfile(about, io.BytesIO(content))
    return file.getvalue()


def noise(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


GOOD = mal_xml(anime(10))
LONG = "".join(anime(i) for i in range(1, 12_000))

XML: dict[str, Callable[[], bytes]] = {
    "billion laughs": laughs,
    "few fat laughs": lambda: laughs(4, 10_000),
    "quadratic blow-up": lambda: doctype(f'<!ENTITY x "{"a" * 100_000}">', "&x;" * 100_000),
    "own file by entity": lambda: doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'),
    "web by entity": lambda: doctype('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">'),
    "device by entity": lambda: doctype('<!ENTITY x SYSTEM "file:///dev/zero">'),
    "parameter entity": lambda: doctype('<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;', ""),
    "entity in itself": lambda: doctype('<!ENTITY x "&x;">'),
    "external subset": lambda: b'<!DOCTYPE m SYSTEM "http://127.0.0.1:9/m.dtd">' + OPEN + CLOSE,
    "default attribute": lambda: doctype('<!ATTLIST anime a CDATA "x">', "<anime/>"),
    "unparsed entity": lambda: doctype('<!NOTATION n SYSTEM "n"><!ENTITY x SYSTEM "x" NDATA n>'),
    "endless document type": lambda: filled(b"<!ENTITY a 'b'>", b"<!DOCTYPE m ["),
    "inclusion": lambda: in_list(
        b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>', 100
    ),
    "style sheet": lambda: b'<?xml-stylesheet href="file:///etc/passwd"?>' + GOOD,
    "deep nest": lambda: in_list(b"<a>"),
    "deep nest of entries": lambda: in_list(b"<anime>"),
    "deep nest that closes": lambda: OPEN + b"<a>" * MEGA + b"</a>" * MEGA + CLOSE,
    "many elements": lambda: in_list(b"<a/>"),
    "many empty entries": lambda: in_list(b"<anime/>"),
    "many manga": lambda: in_list(MANGA.encode()),
    "many short entries": lambda: in_list(
        b"<anime><series_animedb_id>5</series_animedb_id></anime>"
    ),
    "many ids in an entry": lambda: (
        OPEN + filled(b"<series_animedb_id>5</series_animedb_id>", b"<anime>", b"</anime>") + CLOSE
    ),
    "long list": lambda: mal_xml(LONG[:FULL].rpartition("</anime>")[0] + "</anime>"),
    "long list without end": lambda: mal_xml(LONG[:FULL])[:-20],
    "long title": lambda: in_entry(b"a"),
    "long title of references": lambda: in_entry(b"&#65;"),
    "long title of ampersands": lambda: in_entry(b"&"),
    "long title of half references": lambda: in_entry(b"&#"),
    "long title of unknown entities": lambda: in_entry(b"&nbsp;"),
    "long title of controls": lambda: in_entry(b"\x0b"),
    "long title of no UTF-8": lambda: in_entry(b"\xff"),
    "long id": lambda: filled(
        b"1", OPEN + b"<anime><series_animedb_id>", b"</series_animedb_id></anime>" + CLOSE
    ),
    "long score": lambda: mal_xml(anime(10, "9" * MEGA)),
    "exotic digits": lambda: mal_xml(anime("٥"), anime("５"), anime("5²"), anime(10, "⑨")),
    "odd numbers": lambda: mal_xml(
        *(anime(i, s) for i, s in enumerate(("1e3", "nan", "-0", "0x9", "+7", "1_0", "٧"), 1))
    ),
    "open CDATA": lambda: in_list(b"<![CDATA["),
    "open CDATA and an ampersand": lambda: filled(b"<![CDATA[", OPEN + b"&"),
    "ends of CDATA": lambda: in_list(b"]]>"),
    "many CDATA": lambda: in_entry(b"<![CDATA[&]]>"),
    "long CDATA": lambda: in_entry(b"x" * 100 + b"&").replace(b"title>x", b"title><![CDATA[x", 1),
    "long comment": lambda: filled(b"-a", b"<!--", b"-->" + GOOD),
    "open comments": lambda: filled(b"<!--"),
    "long instruction": lambda: filled(b"a", b"<?x ", b"?>" + GOOD),
    "many instructions": lambda: in_list(b"<?a?>"),
    "open tags": lambda: filled(b"<"),
    "long name": lambda: filled(b"a", b"<", b"/>"),
    "long root name": lambda: b"<" + b"ab" * 5000 + b"></x>",
    "long attribute": lambda: filled(b"a", b'<myanimelist a="', b'"/>'),
    "long attribute of ampersands": lambda: filled(b"&", b'<myanimelist a="', b'"/>'),
    "many attributes": lambda: (
        OPEN + b"<a " + b" ".join(b'a%d=""' % i for i in range(700_000)) + b"/>" + CLOSE
    ),
    "same attributes": lambda: in_list(b'<a b="" b=""/>', 1000),
    "many namespaces": lambda: (
        OPEN + b"<a " + b" ".join(b'xmlns:a%d="u"' % i for i in range(400_000)) + b"/>" + CLOSE
    ),
    "line breaks": lambda: filled(b"\n", OPEN, CLOSE),
    "carriage returns": lambda: filled(b"\r", OPEN, CLOSE),
    "spaces before": lambda: filled(b" ", b"", GOOD),
    "two roots": lambda: GOOD + mal_xml(anime(20)).partition(b"?>")[2],
    "text after": lambda: GOOD + b"and so on",
    "tags across": lambda: OPEN + b"<anime><my_score></anime></my_score>" + CLOSE,
    "two declarations": lambda: b"<?xml version='1.0'?>" + GOOD,
    "version 9": lambda: GOOD.replace(b'version="1.0"', b'version="9.0"'),
    "said to be UTF-16": lambda: GOOD.replace(b"UTF-8", b"UTF-16"),
    "said to be UTF-7": lambda: GOOD.replace(b"UTF-8", b"UTF-7"),
    "said to be a codec of Python": lambda: GOOD.replace(b"UTF-8", b"zip_codec"),
    "said to be nothing": lambda: GOOD.replace(b"UTF-8", b"x" * 100),
    "said to be Shift-JIS": lambda: GOOD.replace(b"UTF-8", b"Shift_JIS"),
    "UTF-16": lambda: GOOD.decode().encode("utf-16"),
    "UTF-16 cut in half": lambda: GOOD.decode().encode("utf-16")[:-1],
    "UTF-32": lambda: GOOD.decode().encode("utf-32"),
    "EBCDIC": lambda: GOOD.decode().encode("cp037"),
    "web page": lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "picture": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "markup in a title": lambda: mal_xml(anime(999, title="<script>alert(1)</script>")),
    "end of text in a title": lambda: mal_xml(anime(999, title="\u202e\u0085\ufeff\U0001f600")),
    "manga": lambda: mal_xml(MANGA),
}

JSON: dict[str, Callable[[], bytes]] = {
    "deep lists": lambda: filled(b"["),
    "deep objects": lambda: filled(b'{"lists":'),
    "deep lists that close": lambda: b"[" * 190 + b"]" * 190,
    "many lists": lambda: filled(b"[],", b'{"lists":[', b"0]}"),
    "many objects": lambda: filled(b"{},", b'{"lists":[', b"0]}"),
    "many numbers": lambda: filled(b"10000,", b'{"lists":[', b"0]}"),
    "many texts": lambda: filled(b'"ab",', b'{"lists":[', b"0]}"),
    "many keys": lambda: b"{" + b",".join(b'"%d":1' % i for i in range(900_000)) + b"}",
    "many keys, just few enough": lambda: (
        b'{"lists":[{' + b",".join(b'"%d":1' % i for i in range(500_000)) + b"}]}"
    ),
    "same keys": lambda: filled(b'"lists":[],', b"{", b'"lists":[]}', MEGA),
    "many entries": lambda: gdpr(*({"series_id": i} for i in range(1, 25_000))),
    "many lists of one's own": lambda: json.dumps(
        collection(custom=[entry(i % 9 + 1, None) for i in range(20_500)])
    ).encode(),
    "long text": lambda: filled(b"a", b'{"lists":["', b'"]}'),
    "long text of escapes": lambda: filled(b"\\u0041", b'{"lists":["', b'"]}'),
    "long text of faces": lambda: filled("😀".encode(), b'{"lists":["', b'"]}'),
    "half a face": lambda: rb'{"lists":[{"series_id":1,"status":"\ud800"}]}',
    "half a face in a title": lambda: (
        rb'{"lists":[{"entries":[{"mediaId":1,"status":"CURRENT","media":{"title":'
        rb'{"romaji":"\ud800"}}}]}]}'
    ),
    "zero in a title": lambda: (
        rb'{"lists":[{"entries":[{"mediaId":1,"status":"CURRENT","media":{"title":'
        rb'{"romaji":"a\u0000b"}}}]}]}'
    ),
    "long number": lambda: filled(b"9", b'{"lists":[', b"]}"),
    "long fraction": lambda: filled(b"9", b'{"lists":[0.', b"]}"),
    "huge number": lambda: gdpr({"series_id": 10**300, "score": 10**300, "status": 10**30}),
    "infinite number": lambda: (
        b'{"lists":[{"series_id":1e999999,"score":-1e999999,"status":1e99}]}'
    ),
    "no number": lambda: b'{"lists":[{"series_id":NaN,"score":Infinity}]}',
    "wrong kinds": lambda: gdpr(
        {"series_id": [], "score": {}, "status": None},
        {"series_id": True, "score": True, "status": True},
        {"series_id": 5.5, "score": "x", "status": 2.0},
        {"series_id": {"a": 1}, "series_type": []},
    ),
    "wrong lists": lambda: b'{"lists":[null,1,"a",[],[[]],{"entries":3},{"entries":[null]}]}',
    "wrong user": lambda: b'{"user":[],"lists":[{"entries":[{"mediaId":1,"score":3}]}]}',
    "wrong title": lambda: b'{"lists":[{"entries":[{"mediaId":1,"media":{"title":[1]}}]}]}',
    "prototype": lambda: b'{"__proto__":{"lists":[]},"constructor":1,"lists":[]}',
    "comments": lambda: b'{"lists":[/* x */]}',
    "two texts": lambda: b'{"lists":[]}{"lists":[]}',
    "cut off": lambda: gdpr({"series_id": 5})[:-5],
    "no UTF-8": lambda: b'{"lists":["\xff\xfe"]}',
    "UTF-16 without a mark": lambda: '{"lists":[]}'.encode("utf-16-le"),
}

TEXT: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "spaces": lambda: b" " * MEGA,
    "zeros": lambda: bytes(FULL),
    "noise": lambda: noise(MEGA),
    "more noise": lambda: noise(FULL, 1),
    "letters": lambda: filled(b"a"),
    "lines": lambda: filled(b"a\n"),
    "many rows": lambda: filled(b"5\n", b"anime_id\n"),
    "many blank rows": lambda: filled(b"\n", b"anime_id\n"),
    "many rows of no use": lambda: filled(b"x\n", b"anime_id\n"),
    "many columns": lambda: filled(b"a,", b"anime_id,", b"\n1\n"),
    "many fields": lambda: filled(b"1,", b"anime_id,rating\n"),
    "same columns": lambda: b"anime_id,anime_id,rating,rating\n5,6,7,8\n",
    "long field": lambda: filled(b"1", b"anime_id\n"),
    "open quote": lambda: filled(b"a\n", b'anime_id\n"'),
    "many quotes": lambda: filled(b'"', b"anime_id\n"),
    "formulas": lambda: b"anime_id,title\n5,=cmd|'/c calc'!A0\n",
    "other line ends": lambda: b"anime_id\r5\r6\r",
    "zero byte": lambda: b"anime_id\n5\0\n",
    "negative": lambda: b"anime_id,rating,status\n-5,-1,-2\n5,1e9,1e9\n",
    "path": lambda: b"../../etc/passwd",
}

ARCHIVE: dict[str, Callable[[], bytes]] = {
    "gzip bomb": lambda: packed(bytes(MEGA), 1000, level=1),
    "gzip bomb of spaces": lambda: packed(b" " * MEGA, 300, level=1),
    "gzip bomb of an export": lambda: packed(b"<anime/>" * 125_000, 100, level=1),
    "gzip of laughs": lambda: gzip.compress(laughs()),
    "gzip of many elements": lambda: gzip.compress(in_list(b"<a/>", 19 * MEGA), 1),
    "gzip of many ampersands": lambda: gzip.compress(in_entry(b"&", 19 * MEGA), 1),
    "gzip of many CDATA": lambda: gzip.compress(in_entry(b"<![CDATA[&]]>&", 19 * MEGA), 1),
    "gzip of a long attribute": lambda: gzip.compress(
        filled(b"a", b'<myanimelist a="', b'"/>', 19 * MEGA), 1
    ),
    "gzip of a long comment": lambda: gzip.compress(filled(b"a", b"<!--", b"-->", 19 * MEGA), 1),
    "gzip of a long title": lambda: gzip.compress(in_entry(b"a", 19 * MEGA), 1),
    "gzip of a long name": lambda: gzip.compress(filled(b"a", b"<", b"/>", 19 * MEGA), 1),
    "gzip of line breaks": lambda: gzip.compress(filled(b"\n", OPEN, CLOSE, 19 * MEGA), 1),
    "gzip of references": lambda: gzip.compress(in_entry(b"&#65;", 19 * MEGA), 1),
    "gzip of CDATA": lambda: gzip.compress(in_entry(b"<![CDATA[a]]>", 19 * MEGA), 1),
    "gzip of instructions": lambda: gzip.compress(in_list(b"<?a?>", 7 * MEGA), 1),
    "gzip of the longest list": lambda: gzip.compress(
        mal_xml(*(anime(i, title="&") for i in range(1, 20_001))).replace(b"\t", b"")
    ),
    "gzip of a long list to repair": lambda: gzip.compress(
        mal_xml(*(anime(i, status="&", title="&") for i in range(1, 20_001))).replace(b"\t", b"")
    ),
    "gzip of open tags": lambda: gzip.compress(in_list(b"<", 19 * MEGA), 1),
    "gzip of deep elements": lambda: gzip.compress(in_list(b"<a>", 19 * MEGA), 1),
    "gzip of many attributes": lambda: gzip.compress(
        OPEN + b"<a " + b" ".join(b'a%d=""' % i for i in range(1_700_000)) + b"/>" + CLOSE, 1
    ),
    "gzip of deep lists": lambda: gzip.compress(b"[" * 19 * MEGA, 1),
    "gzip of a long text": lambda: gzip.compress(
        filled(b"a", b'{"lists":["', b'"]}', 19 * MEGA), 1
    ),
    "gzip of many rows": lambda: gzip.compress(filled(b"5\n", b"anime_id\n", size=19 * MEGA), 1),
    "gzip in gzip": lambda: gzip.compress(gzip.compress(GOOD)),
    "gzip in gzip of a bomb": lambda: gzip.compress(packed(bytes(MEGA), 500, level=1)),
    "many gzip": lambda: gzip.compress(b"") * 400_000,
    "gzip cut off": lambda: gzip.compress(GOOD)[:-6],
    "gzip and noise": lambda: gzip.compress(GOOD) + noise(1000),
    "gzip with a wrong sum": lambda: gzip.compress(GOOD)[:-8] + bytes(8),
    "gzip of nothing": lambda: gzip.compress(b""),
    "gzip head only": lambda: b"\x1f\x8b",
    "gzip of an unknown method": lambda: b"\x1f\x8b\x07" + noise(100),
    "gzip with a long name": lambda: b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * FULL,
    "zip": lambda: zip_of(GOOD),
    "zip bomb": lambda: zip_of(bytes(200 * MEGA)),
    "zip with a way up": lambda: zip_of(GOOD, "../../list.xml"),
    "empty zip": lambda: b"PK\x05\x06" + bytes(18),
    "tar": lambda: tar_of(GOOD),
    "bzip2": lambda: bz2.compress(GOOD),
    "xz": lambda: lzma.compress(GOOD),
    "zlib": lambda: zlib.compress(GOOD),
    "7z": lambda: b"7z\xbc\xaf\x27\x1c" + noise(1000),
    "RAR": lambda: b"Rar!\x1a\x07\x01\x00" + noise(1000),
    "PNG": lambda: b"\x89PNG\r\n\x1a\n" + noise(1000),
    "PDF": lambda: b"%PDF-1.7\n" + noise(1000),
    "program": lambda: b"\x7fELF" + noise(1000),
    "SQLite": lambda: b"SQLite format 3\0" + noise(1000),
}

HOSTILE = {
    f"{kind}: {name}": make
    for kind, files in {"XML": XML, "JSON": JSON, "text": TEXT, "archive": ARCHIVE}.items()
    for name, make in files.items()
}
