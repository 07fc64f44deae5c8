"""Photographs lose where and when they were taken, and nothing else."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shouwang.register.intake.pictures import NotAPhoto, without_traces

PLACE = "31°14′ N, telephone of 程文"


def photo(*, turned: int = 1, progressive: bool = False) -> bytes:
    told = Image.Exif()
    told[0x0112], told[0x010E] = turned, PLACE
    drawn = Image.radial_gradient("L").convert("RGB")
    made = io.BytesIO()
    drawn.save(made, "JPEG", exif=told, comment=PLACE.encode(), progressive=progressive)
    return made.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("turned", [1, 6])
def test_the_picture_is_the_same_and_says_nothing(turned, progressive):
    taken = photo(turned=turned, progressive=progressive) + b"a film of the same moment"
    kept = without_traces(taken)
    assert PLACE.encode() in taken
    assert PLACE.encode() not in kept
    assert b"film" not in kept
    before, after = Image.open(io.BytesIO(taken)), Image.open(io.BytesIO(kept))
    assert after.getexif().get(0x0112, 1) == turned
    assert before.tobytes() == after.tobytes()


@given(st.integers(0, 400), st.binary(max_size=20))
def test_what_is_broken_is_refused_or_stays_a_photo(cut, noise):
    taken = photo(turned=6)
    broken = taken[:cut] + noise + taken[cut + len(noise) :] if noise else taken[:cut]
    try:
        assert without_traces(broken).startswith(b"\xff\xd8")
    except NotAPhoto:
        assert broken != taken
