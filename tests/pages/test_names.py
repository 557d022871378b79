"""One name means one figure, in every language and wherever it stands; sentences name the places they speak of."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from dashboard.headline import completion, staffing
from dashboard.headline.names import INDICATORS
from dashboard.headline.sentences import concentration, together
from dashboard.headline.terms_of_sums import COUNTS
from dashboard.i18n import LOCALES, speaking
from queries.intake.choosing import choice_words
from queries.view import LANGUAGES
from queries.wording import translations
from tests.pages.conftest import Open, headline


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_no_two_figures_of_form_c_have_one_name_on_screen_or_in_a_template(spoken: str) -> None:
    book = translations(spoken, LOCALES, "messages")
    for words in ({key: book.gettext(text) for key, text in INDICATORS.items()}, choice_words("indicator", spoken)):
        assert [name for name, times in Counter(words.values()).items() if times > 1] == []


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_no_two_sums_of_the_methods_page_have_one_name(spoken: str) -> None:
    book = translations(spoken, LOCALES, "messages")
    words = Counter(book.gettext(text) for text in COUNTS.values())
    assert [name for name, times in words.items() if times > 1] == []


def test_all_persons_and_registered_persons_are_called_alike_in_forms_and_on_screen() -> None:
    said = {}
    for spoken in LANGUAGES:
        book = translations(spoken, LOCALES, "messages")
        for key in ("total_persons", "registered_persons"):
            said[spoken, key] = book.gettext(INDICATORS[key])
            assert said[spoken, key] == choice_words("indicator", spoken)[key]
    assert list(said.values()) == [
        *("Persons in all", "Registered persons"),
        *("实有人口", "登记人数"),
        *("實有人口", "登記人數"),
    ]


def streets(**behind: float) -> pd.DataFrame:
    rows = [{"name": name, "kind": "street", "behind_hh": held, "status": "amber"} for name, held in behind.items()]
    return pd.DataFrame(rows)


AREA = pd.Series({"name": "Jia", "gap_points": -1.94, "hh_frame": 5_000})


def test_the_few_that_hold_most_are_named_largest_first() -> None:
    few = concentration(streets(Xi=30, Ban=33, Gu=20, Tie=17), "behind_hh")
    assert few is not None
    assert (few.few, few.of, few.names, few.share) == (2, 4, ("Ban", "Xi"), 0.63)
    said = {}
    for spoken in ("en", "zh_Hans", "zh_Hant"):
        with speaking(spoken):
            said[spoken] = completion._behind(AREA, streets(Xi=30, Ban=33, Gu=20, Tie=17))
    assert said == {
        "en": "Jia is 1.9 percentage points behind plan; Ban and Xi hold 63 % of the backlog.",
        "zh_Hans": "Jia落后计划1.9个百分点；Ban和Xi占落后户数的63 %。",
        "zh_Hant": "Jia落後計劃1.9個百分點；Ban和Xi佔落後戶數的63 %。",
    }


def test_of_many_the_three_largest_are_named_and_all_are_counted() -> None:
    many = streets(**dict.fromkeys("ABCDEFGH", 10.0) | {"C": 12.0})
    with speaking("en"):
        assert completion._behind(AREA, many) == (
            "Jia is 1.9 percentage points behind plan; 4 of its 8 streets hold 51 % of the backlog. The most is in C."
        )
        red = many.assign(status="red")
        assert completion._hidden(red.head(1)) == "Still, A is far behind plan."
        assert completion._hidden(red.head(3)) == "Still, A, B and C are far behind plan."
        assert completion._hidden(red) == "Still, 8 of the 8 areas below it are far behind plan."
        short = many.rename(columns={"behind_hh": "shortfall"}).head(4)
        assert staffing._enumerators("Jia", 42, short) == (
            "Enumerators short in Jia: 42; C and A account for 52 % of them."
        )
        assert together(["A"]) == "A"
        assert together([]) == ""


@pytest.mark.parametrize(
    ("page", "spoken", "words"),
    [
        ("command_centre", "en", "Xishanqiao Subdistrict and Banqiao Subdistrict hold 63 % of the backlog."),
        ("completion", "zh-Hans", "西善桥街道和板桥街道占落后户数的63 %。"),
        ("completion", "zh-Hant", "西善橋街道和板橋街道佔落後戶數的63 %。"),
    ],
)
def test_the_pages_name_the_streets_of_the_demonstration(visit: Open, page: str, spoken: str, words: str) -> None:
    assert words in headline(visit(page, lang=spoken))
