"""Words of queries in scripts without spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.analysis.unspaced import unspaced_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("アレルギーの薬は", ("アレルギー", "薬")),
        ("ｱﾚﾙｷﾞｰの薬", ("アレルギー", "薬")),
        ("糖尿病の症状は何ですか", ("糖尿病", "症状", "何")),
        ("高血压怎么治疗", ("高血", "血压", "压怎", "怎么", "么治", "治疗")),
        ("ビタミンB12不足", ("ビタミン", "b12", "不足")),
        ("โรคเบาหวาน", ("โรค", "รคเ", "คเบ", "เบา", "บาห", "าหว", "หวา", "วาน")),
        ("น\u0e49\u0e33ตาล", ()),
        ("น\u0e49\u0e33ตาลสูง", ("น\u0e49\u0e33", "\u0e49\u0e33ต", "\u0e33ตา", "ตาล", "าลส", "ลสู", "สูง")),
        ("โรค", ()),
        ("糖尿病", ()),
        ("アレルギー", ()),
        ("です", ()),
        ("vitamin", ()),
        ("covid-19", ()),
        ("", ()),
    ],
)
def test_a_query_is_parted_into_words(text: str, words: tuple[str, ...]) -> None:
    assert unspaced_words(text) == words


@given(st.text(st.characters()))
def test_any_text_is_parted_into_parts_of_it(text: str) -> None:
    assert len(set(unspaced_words(text))) == len(unspaced_words(text))
