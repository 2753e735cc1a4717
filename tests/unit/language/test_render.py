from collections.abc import Callable
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.events import MediaFile
from coedu_bot.language.catalog import CORE_LOCALE, Catalog
from coedu_bot.language.render import content, plain_text, render
from coedu_bot.language.texts import Texts
from coedu_bot.message import Block, Bullets, Code, Message, Written, says

Speaker = Callable[[str], Texts]
AUTHORED = Message("announcement", (Written("Départ à **8 h**", language="fr"), says("hello")), rings=True)


def message(*blocks: Block, urgent: bool = False) -> Message:
    return Message("reply", blocks, rings=urgent, mentions_room=urgent)


def test_a_single_sentence_needs_no_paragraph(texts: Speaker) -> None:
    rendered = render(message(says("strong")), [texts("fr")])
    assert rendered.body == "Bonjour, tapez !aide ?"
    assert rendered.formatted_body == "<strong>Bonjour</strong>, tapez <code>!aide ?</code>"


def test_blocks_stand_apart(texts: Speaker) -> None:
    rendered = render(message(says("hello"), Written("a\nb"), says("hello")), [texts("fr")])
    assert rendered.body == "Bonjour\n\na\nb\n\nBonjour"
    assert rendered.formatted_body == "<p>Bonjour</p><p>a<br>\nb</p><p>Bonjour</p>"


def test_bullets_are_a_list(texts: Speaker) -> None:
    rendered = render(message(Bullets((says("hello"), Written("*a*\nb")))), [texts("fr")])
    assert rendered.body == "- Bonjour\n- a\n  b"
    assert rendered.formatted_body == "<ul><li>Bonjour</li><li><em>a</em><br>\nb</li></ul>"


def test_an_empty_list_is_not_shown(texts: Speaker) -> None:
    assert render(message(says("hello"), Bullets(())), [texts("fr")]).body == "Bonjour"


def test_an_open_code_fence_of_a_person_does_not_swallow_what_follows(texts: Speaker) -> None:
    rendered = render(message(Written("```\nfin"), says("strong")), [texts("fr")])
    assert rendered.formatted_body.endswith("<p><strong>Bonjour</strong>, tapez <code>!aide ?</code></p>")


def test_further_languages_are_folded_under_their_own_names(texts: Speaker) -> None:
    rendered = render(
        AUTHORED, [texts("fr"), texts("ar"), texts("uk")], translations={(0, "ar"): "**8** صباحا"}
    )
    assert rendered.formatted_body == (
        "<p>Départ à <strong>8 h</strong></p><p>Bonjour</p>"
        "<details><summary>العربية</summary>"
        "<p>\u2067<strong>8</strong> صباحا\u2069</p><p>\u2067مرحبا\u2069</p></details>"
        "<details><summary>Українська</summary><p>Вітаємо</p></details>"
    )
    assert rendered.body == (
        "Départ à 8 h\n\nBonjour\n\nالعربية\n\u20678 صباحا\u2069\n\n\u2067مرحبا\u2069\n\nУкраїнська\nВітаємо"
    )


def test_a_language_the_bot_only_translates_into_repeats_no_french(texts: Speaker) -> None:
    rendered = render(AUTHORED, [texts("fr"), texts("fa")], translations={(0, "fa"): "ساعت ۸"})
    assert rendered.formatted_body.endswith("<summary>fa</summary><p>\u2067ساعت ۸\u2069</p></details>")


def test_a_language_that_has_nothing_to_say_is_left_out(texts: Speaker) -> None:
    rendered = render(message(Written("Bonjour")), [texts("fr"), texts("ar")])
    assert rendered.formatted_body == "Bonjour"


def test_an_arabic_message_keeps_the_french_original_in_one_piece(texts: Speaker) -> None:
    rendered = render(message(says("hello"), Written("Départ : 8 h", language="fr")), [texts("ar")])
    assert rendered.body == "مرحبا\n\n\u2066Départ : 8 h\u2069"


def test_an_arabic_answer_in_a_french_message_is_embedded(texts: Speaker) -> None:
    rendered = render(message(says("hello"), Written("شكرا 12")), [texts("fr")])
    assert rendered.body == "Bonjour\n\n\u2067شكرا 12\u2069"


@pytest.mark.parametrize("written", ["@room venez", "`@room`", "(@ROOM)", "# @room"])
def test_nobody_rings_the_room_by_writing_so(texts: Speaker, written: str) -> None:
    rendered = render(message(Written(written)), [texts("fr")])
    assert "@room" not in (rendered.body + rendered.formatted_body).lower()


def test_an_urgent_message_may_ring_the_room(texts: Speaker) -> None:
    urgent = message(Written("@room venez"), urgent=True)
    rendered = render(urgent, [texts("fr")])
    assert "@room" in rendered.body
    assert content(rendered, urgent, coedu={})["m.mentions"] == {"room": True}


def test_addresses_with_an_at_sign_stay_whole(texts: Speaker) -> None:
    assert render(message(Written("a@room.fr")), [texts("fr")]).body == "a@room.fr"


def test_a_notice_is_quiet_and_mentions_nobody(texts: Speaker) -> None:
    quiet = message(says("hello"))
    assert content(render(quiet, [texts("fr")]), quiet, coedu={"kind": "reply", "v": 1}) == {
        "msgtype": "m.notice",
        "body": "Bonjour",
        "format": "org.matrix.custom.html",
        "formatted_body": "Bonjour",
        "m.mentions": {},
        "org.coedu": {"kind": "reply", "v": 1},
    }


def test_what_must_ring_is_a_text_that_may_mention_people(texts: Speaker) -> None:
    loud = Message("question", (says("hello"),), rings=True, mentions=("@a:b",))
    event = content(render(loud, [texts("fr")]), loud, coedu={})
    assert (event["msgtype"], event["m.mentions"]) == ("m.text", {"user_ids": ["@a:b"]})


def test_a_file_takes_the_text_as_its_caption(texts: Speaker) -> None:
    file = MediaFile("mxc://a/b", "plan.pdf", "application/pdf", 12, "m.file")
    captioned = Message("announcement", (says("hello"),), file=file)
    event = content(render(captioned, [texts("fr")]), captioned, coedu={})
    assert {key: event[key] for key in ("msgtype", "body", "filename", "url", "info")} == {
        "msgtype": "m.file",
        "body": "Bonjour",
        "filename": "plan.pdf",
        "url": "mxc://a/b",
        "info": {"mimetype": "application/pdf", "size": 12},
    }


def test_an_encrypted_file_without_text_shows_its_name(texts: Speaker) -> None:
    file = MediaFile(
        "mxc://a/b", "a.png", "image/png", 1, "m.image", {"w": 2}, {"key": {"k": "x"}, "url": ""}
    )
    event = content(render(bare := Message("reply", (), file=file), [texts("fr")]), bare, coedu={})
    assert event["file"] == {"key": {"k": "x"}, "url": "mxc://a/b"}
    assert (event["body"], event["info"]["w"]) == ("a.png", 2)
    assert not {"url", "formatted_body", "format"} & event.keys()


def test_a_sentence_can_be_had_without_markup(texts: Speaker) -> None:
    assert plain_text(says("value", value=Code("a*b")), texts("fr")) == "Valeur\u00a0: a*b\u202f!"


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4), st.sampled_from(["fr", "ar", "zh"]))
def test_any_text_can_be_rendered_and_sent(written: list[str], language: str) -> None:
    catalog = Catalog.load([CORE_LOCALE])
    texts = Texts(catalog, language, UTC)
    hostile = message(*(Written(text) for text in written))
    event = content(render(hostile, [texts]), hostile, coedu={})
    assert str(event).encode()
    assert event["m.mentions"] == {}
