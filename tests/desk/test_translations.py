"""Everything that a page says is there in all three languages, and nothing is said past the translations."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.desk.translations import HERE, LOCALES, messages, read

HAN = re.compile(r"[一-鿿]")
# What is taken care of by Django itself, or is no text: tags, comments, variables.
TRANSLATED = re.compile(
    r"{% comment %}.*?{% endcomment %}|{% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}|{#.*?#}",
    re.DOTALL,
)
PLACEHOLDER = re.compile(r"%\(\w+\)s|{\w+[^}]*}")


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_is_translated(locale):
    catalog = read(locale)
    missing = {said for said in messages() if not (catalog.get(said) and catalog.get(said).string)}
    assert not missing, "run: python -m shouwang.desk.translations collect"


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_translated_that_nobody_says(locale):
    assert {entry.id for entry in read(locale) if entry.id} - messages() == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_names_the_same_things(locale):
    for entry in read(locale):
        if entry.id:
            assert sorted(PLACEHOLDER.findall(entry.id)) == sorted(PLACEHOLDER.findall(entry.string)), (
                entry.id
            )


def test_english_has_no_chinese_left_in_it():
    assert [entry.id for entry in read("en") if entry.id and HAN.search(entry.string)] == []


@pytest.mark.parametrize("path", sorted((HERE / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_says_anything_past_the_translations(path: Path):
    assert HAN.search(TRANSLATED.sub("", path.read_text(encoding="utf-8"))) is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [("zh-CN", "今日看板"), ("zh-TW", "今天還差"), ("en-GB", "Today&#x27;s board"), ("fr", "今日看板")],
)
def test_the_browser_chooses_the_language(browser_of, asked, said):
    shown = browser_of("书记刘").get("/", headers={"Accept-Language": asked}).content.decode()
    assert said in shown


def test_what_somebody_chose_goes_before_the_browser_and_with_the_account(browser_of, street):
    client = browser_of("书记刘")
    answer = client.post(reverse("look"), {"language": "en", "next": "/?area=1"})
    assert answer["Location"] == "/?area=1"
    assert "Today" in client.get("/", headers={"Accept-Language": "zh-CN"}).content.decode()

    elsewhere = Client()
    elsewhere.post(reverse("account_login"), {"login": "书记刘", "password": "一个很长的口令"})
    assert "Today" in elsewhere.get("/", headers={"Accept-Language": "zh-CN"}).content.decode()


def test_going_back_never_leaves_the_site(street):
    assert (
        Client().post(reverse("look"), {"size": "large", "next": "//elsewhere.example/"})["Location"] == "/"
    )
