"""The vectors of a memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.memory_structures.embeddings import Embeddings

NUMBERS = st.floats(-1, 1, width=32)
VECTORS = st.dictionaries(st.text(max_size=5), st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=8)


def test_vectors_are_kept_in_single_precision_and_the_first_of_a_text_is_kept():
    store = Embeddings()
    store.add("one", [0.1])
    store.add("one", [0.9])
    assert list(store["one"]) == [np.float32(0.1)]


def test_near_texts_have_a_similarity_near_one_and_opposite_ones_minus_one():
    store = Embeddings({"east": [1, 0], "north-east": [3, 3], "west": [-2, 0], "nowhere": [0, 0]}, "m")
    assert store.similarities([5, 0]) == pytest.approx([1, 0.5**0.5, -1, 0], abs=1e-6)


def test_vectors_are_numbered_from_zero():
    store = Embeddings({"one": [1, 2], "two": [3, 4]}, "m")
    assert (store.row("one"), store.row("two"), store.row("three")) == (0, 1, None)


def test_a_vector_of_another_length_is_refused():
    store = Embeddings({"one": [1, 2]}, "m")
    with pytest.raises(ValueError, match="3 numbers"):
        store.add("two", [1, 2, 3])


def test_vectors_of_several_lengths_are_refused():
    with pytest.raises(ValueError, match="inhomogeneous"):
        Embeddings({"one": [1.0], "two": [1.0, 2.0]}, "m")


def test_numbers_too_large_for_single_floats_keep_their_direction():
    store = Embeddings({"east": [1, 0]}, "m")
    store.add("far north-east", [1e300, 1e300])
    assert np.isfinite(store["far north-east"]).all()
    assert store.similarities([1e200, 0]) == pytest.approx([1, 0.5**0.5], abs=1e-6)


def test_forgetting_the_latest_leaves_the_first():
    store = Embeddings({"one": [1.0], "two": [2.0]}, "m")
    store.add("three", [3.0])
    store.truncate(1)
    assert {text: list(vector) for text, vector in store.items()} == {"one": [1.0]}
    store.add("four", [-4.0])
    assert list(store.similarities([1.0])) == [1.0, -1.0]


def test_many_vectors_can_be_added():
    store = Embeddings()
    for k in range(1000):
        store.add(str(k), [k, 1])
    assert len(store) == 1000
    assert list(store["999"]) == [999, 1]


def loaded(vectors):
    return Embeddings({text: vector.tolist() for text, vector in vectors.items()}, "m")


@given(VECTORS)
def test_saving_and_loading_keeps_every_vector_in_its_order(vectors):
    saved = Embeddings(vectors, "m")
    again = loaded(saved)
    assert list(again) == list(vectors)
    assert all(np.array_equal(again[text], saved[text]) for text in vectors)


@given(VECTORS, st.lists(NUMBERS, min_size=3, max_size=3))
def test_similarities_of_loaded_vectors_are_bit_identical(vectors, focus):
    store = Embeddings()
    for text, vector in vectors.items():
        store.add(text, vector)
    assert np.array_equal(loaded(store).similarities(focus), store.similarities(focus))
