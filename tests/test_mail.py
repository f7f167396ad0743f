"""A mail is a bulletin, and so is each file that comes with it, whatever mailers write."""

from __future__ import annotations

import base64
import random
import time
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from handmade_files import pdf
from hypothesis import given
from hypothesis import strategies as st
from test_archive import outcomes, zipped

from indexer import SearchRequest, Settings, open_searcher, rebuild, update
from indexer.errors import REFUSALS, UnreadableFile
from indexer.readers import ConfinedReader, Found
from indexer.readers.extract import Extract
from indexer.readers.mail import Mail

TEXT = "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产。"
HEAD = b"From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def mail(subject: str = "江澜质协简报第3期", body: str = TEXT) -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = subject
    made["From"] = "office@example.org"
    made["Date"] = "Wed, 18 Mar 2020 23:50:00 +0800"
    made.set_content(body)
    return made


def attach(to: EmailMessage, name: str, data: bytes) -> None:
    to.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)


def opened(data: bytes) -> Mail:
    return Mail(data, Settings())


def text(data: bytes, encoding: str = "") -> Extract:
    found = opened(data).text(encoding)
    assert found is not None
    return found


def body(data: bytes) -> str:
    return "\n".join(line.text for line in text(data).lines)


def names(data: bytes) -> list[str]:
    return [member.name for member in opened(data).members]


def part(kind: str, content: bytes, *headers: str) -> bytes:
    lines = "".join(f"{header}\r\n" for header in (f"Content-Type: {kind}", *headers))
    return lines.encode() + b"\r\n" + content


def multipart(kind: str, *parts: bytes, boundary: str = "=b=") -> bytes:
    within = b"".join(b"\r\n--%s\r\n%s" % (boundary.encode(), each) for each in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + within + b"\r\n--%s--\r\n" % boundary.encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    return made


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    return Settings(folders=(str(folder),), index=str(tmp_path / "index"))


# Found, shown and cited as if it lay in a folder


def test_the_body_and_each_file_of_a_mail_are_bulletins(folder: Path, settings: Settings) -> None:
    made = mail(body="江澜质协工作简报\n第3期\n\n见附件。" + TEXT)
    attach(made, "附件.pdf", pdf([TEXT]))
    attach(made, "往期.zip", zipped(("第1期.txt", f"第1期\n\n{TEXT}头一回。".encode())))
    within = mail("转发的通报", f"通报正文。{TEXT}")
    attach(within, "深.txt", f"第2期\n\n深处的文字。{TEXT}".encode())
    made.add_attachment(within)
    (folder / "邮件.eml").write_bytes(made.as_bytes())
    built = rebuild(settings)
    assert outcomes(built) == {
        "邮件.eml": "read",
        "邮件.eml/往期.zip": "opened",
        "邮件.eml/往期.zip/第1期.txt": "read",
        "邮件.eml/转发的通报.eml": "read",
        "邮件.eml/转发的通报.eml/深.txt": "read",
        "邮件.eml/附件.pdf": "read",
    }
    assert built.files[0].media_type == "message/rfc822"
    searcher = open_searcher(settings)
    (hit,) = searcher.search(SearchRequest("深处的文字", "exact")).hits
    found = searcher.bulletin(hit.id)
    assert found is not None
    assert found.source.path == "邮件.eml/转发的通报.eml/深.txt"
    searcher.close()
    assert outcomes(update(settings)) == outcomes(built)


def test_the_subject_is_a_declared_title_and_the_date_only_a_notice(
    folder: Path, settings: Settings
) -> None:
    (folder / "a.eml").write_bytes(mail("关于走访企业的通报").as_bytes())
    (file,) = rebuild(settings).files
    assert file.title == "关于走访企业的通报"
    assert file.date == ""
    said = {notice.code: notice.sentence.zh for notice in file.notices}
    assert said["mail_date"] == "邮件头上的日期是 2020-03-18。"
    assert "mail_date" not in {notice.code for notice in file.doubts}


def test_a_mail_without_a_text_has_only_its_files(folder: Path, settings: Settings) -> None:
    bare = mail(body="\n \n")
    attach(bare, "第1期.txt", TEXT.encode())
    (folder / "a.eml").write_bytes(bare.as_bytes())
    (folder / "b.eml").write_bytes(mail(body="\n").as_bytes())
    assert outcomes(rebuild(settings)) == {
        "a.eml": "opened",
        "a.eml/第1期.txt": "read",
        "b.eml": "empty",
    }


def test_front_matter_and_stated_encodings_hold_for_mails(folder: Path, settings: Settings) -> None:
    made = HEAD + b"Content-Type: text/plain\r\n\r\n---\r\n\xc6\xda\xba\xc5: 27\r\n---\r\n"
    (folder / "a.eml").write_bytes(made + TEXT.encode("gbk"))
    (folder / "b.eml").write_bytes(HEAD + b"\r\n" + ("質量協會簡報" * 3).encode("big5"))
    (folder / "b.eml.toml").write_text("编码 = 'big5'", "utf-8")
    found = {file.path: file for file in rebuild(settings).files}
    assert (found["a.eml"].number, found["a.eml"].encoding) == (27, "gb18030")
    assert found["b.eml"].encoding == "big5"


# Which text


def alternative(plain: str, rich: str) -> bytes:
    made = mail(body=plain)
    made.add_alternative(rich, subtype="html")
    return made.as_bytes()


def test_the_plain_text_is_preferred_unless_the_page_has_more() -> None:
    page = f"<html><body><p>{TEXT}</p><p>此为网页</p></body></html>"
    assert body(alternative(f"{TEXT}\n此为纯文本", page)).endswith("此为纯文本")
    assert body(alternative("请用支持网页的软件查看。", page)) == f"{TEXT}\n此为网页"
    assert body(alternative("\n", page)) == f"{TEXT}\n此为网页"


def test_texts_between_files_are_one_body() -> None:
    parts = [
        part("text/plain; charset=utf-8", "上半篇。".encode()),
        part("application/pdf; name=a.pdf", b"%PDF-"),
        part("text/plain; charset=gb2312", "下半篇。".encode("gbk")),
        part(
            "text/plain; charset=utf-8",
            b"no body",
            'Content-Disposition: attachment; filename="n.txt"',
        ),
    ]
    data = HEAD + multipart("mixed", *parts)
    assert body(data) == "上半篇。\n下半篇。"
    assert names(data) == ["a.pdf", "n.txt"]


def test_pictures_of_the_page_and_signatures_are_no_files() -> None:
    page = part("text/html; charset=utf-8", f"<p>{TEXT}<img src='cid:1'></p>".encode())
    logo = part("image/png; name=logo.png", b"\x89PNG", "Content-ID: <1>")
    scan = part("image/png", b"\x89PNG", "Content-Disposition: attachment; filename=scan.png")
    related = multipart("related", page, logo, scan, boundary="r")
    signed = multipart("signed", related, part("application/pgp-signature; name=s.asc", b"x"))
    assert body(HEAD + signed) == TEXT
    assert names(HEAD + signed) == ["scan.png"]


def test_sealed_mails_are_encrypted() -> None:
    for sealed in (
        multipart("encrypted", part("application/pgp-encrypted", b"Version: 1")),
        part("application/pkcs7-mime; smime-type=enveloped-data", b"AAAA"),
    ):
        with pytest.raises(UnreadableFile) as caught:
            opened(HEAD + sealed)
        assert caught.value.reason == "encrypted"


# What mailers say of charsets


@pytest.mark.parametrize("transfer", ["8bit", "base64", "quoted-printable"])
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("utf-8", "utf-8"),
        ("gb2312", "gb18030"),
        ("gb2312", "utf-8"),
        ("gbk", "gbk"),
        ("big5", "big5"),
        ("us-ascii", "gb18030"),
        ("no-such-charset", "utf-8"),
        ("", "gb18030"),
    ],
)
def test_a_body_is_read_in_what_it_is_written_in(transfer: str, said: str, meant: str) -> None:
    written = "質量協會組織專家走訪企業，幫助恢復生產。" if meant == "big5" else f"{TEXT}王㐂志"
    if meant in ("gbk",):
        written = TEXT
    raw = written.encode(meant)
    packed = {
        "8bit": raw,
        "base64": base64.encodebytes(raw),
        "quoted-printable": "".join(f"={byte:02X}" for byte in raw).encode(),
    }[transfer]
    kind = f"text/plain; charset={said}" if said else "text/plain"
    data = HEAD + part(kind, packed, f"Content-Transfer-Encoding: {transfer}")
    assert body(data) == written


def encoded(name: str, charset: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(name.encode(charset)).decode()}?="


NAME = "江澜质协简报 第3期.pdf"


@pytest.mark.parametrize(
    "written",
    [
        f'filename="{encoded(NAME, "gb18030")}"'.encode(),
        f'filename="{encoded(NAME, "utf-8")}"'.encode(),
        f"filename={encoded(NAME, 'gb2312')}".encode(),
        b'filename="' + NAME.encode("gbk") + b'"',
        b'filename="' + NAME.encode() + b'"',
        b"filename*=gb2312''" + "".join(f"%{b:02X}" for b in NAME.encode("gbk")).encode(),
        b"filename*=utf-8''" + "".join(f"%{b:02X}" for b in NAME.encode()).encode(),
        b"filename*0*=gb18030''%BD%AD%C0%BD%D6;\r\n filename*1*=%CA%D0%AD%BC%F2%B1%A8;"
        b'\r\n filename*2*=%20%B5%DA3%C6%DA; filename*3=".pdf"',
    ],
)
def test_names_of_files_are_read_in_every_way_they_are_written(written: bytes) -> None:
    head = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; " + written
    data = HEAD + multipart("mixed", head + b"\r\n\r\n%PDF-")
    assert names(data) == [NAME]


@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"]), min_size=1
    ),
    st.integers(1, 20),
)
def test_a_subject_cut_anywhere_between_its_bytes_is_whole_again(subject: str, width: int) -> None:
    """Mailers cut a subject into encoded words without regard to characters."""
    raw = subject.encode()
    pieces = [raw[at : at + width] for at in range(0, len(raw), width)]
    words = (f"=?UTF-8?B?{base64.b64encode(piece).decode()}?=" for piece in pieces)
    data = b"Subject: " + "\r\n ".join(words).encode() + b"\r\n\r\n" + TEXT.encode()
    assert text(data).title == " ".join(subject.split())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5"])
def test_a_subject_without_any_encoding_said_is_read(encoding: str) -> None:
    subject = "質量協會會議通報" if encoding == "big5" else "质量协会会议通报"
    data = b"Subject: " + subject.encode(encoding) + b"\r\n\r\n" + TEXT.encode()
    assert text(data).title == subject
    mixed = b"Subject: Re: =?gb2312?Q?=D6=CA=C1=BF?= (2)  =?utf-8?q?a_b?=\r\n\r\n" + TEXT.encode()
    assert text(mixed).title == "Re: 质量 (2) a b"


def test_files_without_a_name_and_with_the_same_one_are_told_apart() -> None:
    parts = [
        part("application/pdf", b"%PDF-1"),
        part("text/plain", b"x", "Content-Disposition: attachment"),
    ]
    parts += [part("application/pdf; name=a.pdf", each) for each in (b"1", b"2")]
    data = HEAD + multipart("mixed", *parts, part("application/pdf; name=../../e.pdf", b""))
    assert names(data) == ["a (2).pdf", "a.pdf", "e.pdf", "附件1.pdf", "附件2.txt"]
    assert sorted(opened(data).data(n) for n in (0, 1)) == [b"1", b"2"]


# Hazards


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (HEAD, "empty"),
        (b"no header at all, only text", "damaged"),
        (HEAD + b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\ntext\r\n--x--", "damaged"),
        (HEAD + b'Content-Type: multipart/mixed; boundary="y"\r\n\r\n--x\r\n\r\ntext', "damaged"),
        (HEAD + multipart("mixed", *[b"\r\nx"] * 120_000), "too_complex"),
        (
            HEAD
            + b"".join(
                b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n)
                for n in range(3000)
            ),
            "too_complex",
        ),
    ],
)
def test_what_is_no_mail_or_too_much_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a.eml").write_bytes(data)
    started = time.monotonic()
    with ConfinedReader(Settings()) as reader:
        refused = reader.open(Found(tmp_path / "a.eml", "a.eml")).refusal
    assert refused is not None
    assert refused.reason == reason
    assert time.monotonic() - started < 10


def test_one_bad_file_harms_no_other(folder: Path, settings: Settings) -> None:
    made = mail()
    attach(made, "winmail.dat", b"\x78\x9f\x3e\x22" + bytes(100))
    attach(made, "坏.zip", b"PK\3\4" + bytes(50))
    attach(made, "好.txt", f"另一期简报。{TEXT}".encode())
    (folder / "a.eml").write_bytes(made.as_bytes())
    assert outcomes(rebuild(settings)) == {
        "a.eml": "read",
        "a.eml/winmail.dat": "unknown_format",
        "a.eml/坏.zip": "damaged",
        "a.eml/好.txt": "read",
    }


def test_a_body_that_is_no_text_leaves_the_files(folder: Path, settings: Settings) -> None:
    junk = random.Random(1).randbytes(3000)
    parts = [part("text/plain", base64.encodebytes(junk), "Content-Transfer-Encoding: base64")]
    parts.append(part("text/plain; name=a.txt", TEXT.encode()))
    (folder / "a.eml").write_bytes(HEAD + multipart("mixed", *parts))
    assert outcomes(rebuild(settings)) == {"a.eml": "not_text", "a.eml/a.txt": "read"}


@pytest.mark.fault
def test_a_body_that_takes_too_long_leaves_the_files(folder: Path, settings: Settings) -> None:
    slow = base64.encodebytes(f"<table><tr><td>{TEXT}".encode() * 60_000)
    parts = [part("text/html", slow, "Content-Transfer-Encoding: base64")]
    parts.append(part("text/plain; name=a.txt", TEXT.encode()))
    (folder / "a.eml").write_bytes(HEAD + multipart("mixed", *parts))
    said = outcomes(rebuild(replace(settings, read_seconds=3)))
    assert said == {"a.eml": "out_of_time", "a.eml/a.txt": "read"}


def test_a_mail_that_was_encoded_against_the_rules_is_read() -> None:
    inner = mail("里层").as_bytes()
    encoded_ = part(
        "message/rfc822", base64.encodebytes(inner), "Content-Transfer-Encoding: base64"
    )
    data = HEAD + multipart("mixed", part("text/plain", b"x"), encoded_)
    assert body(opened(data).data(0)) == TEXT


@pytest.mark.fault
def test_damaged_mails_end_with_text_or_a_reason(tmp_path: Path) -> None:
    chance = random.Random(4)
    made = mail()
    made.add_alternative(f"<p>{TEXT}</p>", subtype="html")
    attach(made, NAME, TEXT.encode())
    made.add_attachment(mail("里层"))
    whole, said = made.as_bytes(), set()
    with ConfinedReader(Settings(read_seconds=10)) as reader:
        for _ in range(300):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 20)):
                data[chance.randrange(len(data))] = chance.choice(b'\0\n\r-=?;:"\xff\x80aA')
            (tmp_path / "a.eml").write_bytes(data)
            found = Found(tmp_path / "a.eml", "a.eml")
            each = [reader.open(found)]
            for place, member in enumerate(each[0].members):
                each.append(reader.open(found.member(place, member.name, member.size)))
            said |= {one.refusal.reason if one.refusal else "read" for one in each}
    assert said <= {"read", *REFUSALS}
    assert not said & {"crashed", "out_of_time", "out_of_memory", "changed"}
