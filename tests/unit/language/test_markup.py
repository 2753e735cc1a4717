import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.language import markup as subject
from coedu_bot.language.escaping import as_code, escaped
from coedu_bot.language.markup import Direction, markup, sanitised

HOSTILE = st.text(
    alphabet=st.one_of(st.sampled_from("\\`*_{}[]()#+-.!<>&|~=\"' \n\t:/1aé\u2067ب@\x00"), st.characters())
)
FRENCH = Direction()
ARABIC = Direction(right_to_left=True, within_right_to_left=False)
TAG = re.compile(r"</?[a-z][^>]*>")
ALLOWED = re.compile(
    r"</?(h[1-6]|p|blockquote|pre|hr|br|ul|ol|li|strong|em|s|code|details|summary)>"
    r'|<ol start="\d+">|<a href="(https?:|mailto:)[^"<>]*">|<a>|</a>'
)


@pytest.mark.parametrize(
    ("source", "html", "plain"),
    [
        ("Bonjour", "<p>Bonjour</p>", "Bonjour"),
        ("a\nb", "<p>a<br>\nb</p>", "a\nb"),
        ("**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>", "a b c d"),
        ("# Titre\ntexte", "<h1>Titre</h1>\n<p>texte</p>", "Titre\n\ntexte"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"),
        ("9. a\n10. b", '<ol start="9">\n<li>a</li>\n<li>b</li>\n</ol>', "9. a\n10. b"),
        ("[site](https://a.fr)", '<p><a href="https://a.fr">site</a></p>', "site (https://a.fr)"),
        ("<https://a.fr>", '<p><a href="https://a.fr">https://a.fr</a></p>', "https://a.fr"),
        ("![plan](https://a.fr/p)", '<p><a href="https://a.fr/p">plan</a></p>', "plan (https://a.fr/p)"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>", "<b>x</b>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>", "[x](javascript:alert(1))"),
        ("[Info]: salle 12", "<p>[Info]: salle 12</p>", "[Info]: salle 12"),
        ("8\u00a0h", "<p>8\u00a0h</p>", "8\u00a0h"),
        ("a\ud800b", "<p>a?b</p>", "a?b"),
    ],
)
def test_markdown_becomes_html_and_plain_text(source: str, html: str, plain: str) -> None:
    piece = markup(source, FRENCH)
    assert (sanitised(piece.html), piece.plain) == (html, plain)


def test_lists_in_lists_and_quotes_stay_readable_in_plain_text() -> None:
    source = "1. a\n   - b\n   - c\n2. d\n\n> e\n> f\n\n```\ncode\n  here\n```"
    plain = "1. a\n   - b\n   - c\n2. d\n\n> e\n> f\n\ncode\n  here"
    assert markup(source, FRENCH).plain == plain


def test_each_line_of_an_arabic_block_is_embedded() -> None:
    piece = markup("**مرحبا** 16:20-18:00\nA12\n\n- ب", ARABIC)
    assert piece.plain == "\u2067مرحبا 16:20-18:00\u2069\n\u2067A12\u2069\n\n- \u2067ب\u2069"
    assert "<p>\u2067<strong>مرحبا</strong> 16:20-18:00\u2069<br>" in piece.html


def test_a_french_line_that_begins_with_an_arabic_name_stays_french() -> None:
    assert markup("محمد a lu", FRENCH).plain == "\u200eمحمد a lu"


@given(HOSTILE)
def test_nothing_a_person_writes_becomes_other_html(text: str) -> None:
    html = sanitised(markup(text, ARABIC).html)
    assert all(ALLOWED.fullmatch(tag) for tag in TAG.findall(html))


@given(HOSTILE)
def test_a_value_shows_as_it_was_typed(text: str) -> None:
    typed = re.sub("[^\\S\u00a0\u202f\u2007]+", " ", text.replace("\x00", "\ufffd")).strip(" ")
    typed = typed.encode("utf-8", "replace").decode()
    piece = markup(f"a{escaped(text)}b", Direction())
    assert piece.plain.removeprefix("\u200e") == f"a{typed}b"
    assert unescape(sanitised(piece.inner_html)).removeprefix("\u200e") == f"a{typed}b"


@given(HOSTILE)
def test_a_value_alone_starts_no_block(text: str) -> None:
    html = sanitised(markup(escaped(text), FRENCH).html)
    assert TAG.findall(html) == (["<p>", "</p>"] if html else [])


@given(st.text(alphabet="`a b", min_size=1).filter(lambda text: text.strip()))
def test_code_shows_as_it_was_typed(text: str) -> None:
    assert markup(f"x{as_code(text)}x", FRENCH).plain == f"x{text}x"


@given(HOSTILE)
def test_the_short_way_agrees_with_the_parser(text: str) -> None:
    text = subject._encodable(text)
    if subject._MARKED.search(text) is None and text:
        parsed = subject._parser().render(text).strip()
        assert sanitised(markup(text, FRENCH).html).replace("\u200e", "") == sanitised(parsed).replace(
            "\u200e", ""
        )
