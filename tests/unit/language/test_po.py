import io

import pytest
from babel.messages import pofile
from babel.messages.catalog import Catalog as BabelCatalog
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.language.po import PoError, read_po

HEAD = '# State: reviewed\nmsgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1)


def test_a_sentence_may_stand_on_several_lines() -> None:
    file = read_po(HEAD + 'msgid "hello"\nmsgstr ""\n"Bonjour, "\n"dit-il.\\nFin \\"là\\""\n')
    assert file.entries["hello"].forms == ('Bonjour, dit-il.\nFin "là"',)


def test_plural_forms_come_in_order() -> None:
    file = read_po(HEAD + 'msgid "n"\nmsgid_plural "n"\nmsgstr[0] "un"\nmsgstr[1] "des"\n')
    assert file.entries["n"].forms == ("un", "des")
    assert [file.plural_rule(count) for count in (0, 1, 2)] == [0, 0, 1]
    assert file.plural_forms == 2


def test_comments_flags_and_old_entries_are_passed_over() -> None:
    file = read_po(HEAD + '#. note\n#, fuzzy\nmsgid "a"\nmsgstr "b"\n#~ msgid "old"\n#~ msgstr "x"\n')
    assert list(file.entries) == ["a"]
    assert file.comment == "State: reviewed"


@pytest.mark.parametrize(
    ("text", "place"),
    [('msgid "a"\nmsgstr "1"\nmsgid "a"\nmsgstr "2"\n', ":7:"), ("msgid a\n", ":5:"), ('"lost"\n', None)],
)
def test_a_broken_file_names_its_line(text: str, place: str | None) -> None:
    with pytest.raises(PoError, match=f"fr.po{place or ':1:'}"):
        read_po((HEAD if place else "") + text, "fr.po")


def test_an_entry_without_text_is_an_error() -> None:
    with pytest.raises(PoError, match=r"fr\.po:5: 'a' has no msgstr"):
        read_po(HEAD + 'msgid "a"\n', "fr.po")


@pytest.mark.parametrize("rule", ["", "nplurals=2", "nplurals=2; plural=import os", "nplurals=2; plural=(n"])
def test_a_wrong_plural_rule_is_refused(rule: str) -> None:
    file = read_po(f'msgid ""\nmsgstr "Plural-Forms: {rule}\\n"\n')
    with pytest.raises(PoError, match="Plural-Forms"):
        _ = file.plural_rule


@given(st.dictionaries(TEXTS, TEXTS))
def test_what_babel_writes_is_read_back(texts: dict[str, str]) -> None:
    catalog = BabelCatalog(locale="fr")
    for key, text in texts.items():
        catalog.add(key, text)
    written = io.BytesIO()
    pofile.write_po(written, catalog)
    entries = read_po(written.getvalue().decode()).entries
    assert {key: entry.forms for key, entry in entries.items()} == {k: (v,) for k, v in texts.items()}
