"""Fetching a pool's signing keys."""

import pytest

from services.errors import Unavailable
from services.keys import COOL_DOWN, PoolKeys
from tests.stand_ins import Clock, Pool

URL = "https://pool.example/jwks.json"


class Document:
    """A JWKS address that counts how often it is read."""

    def __init__(self, content: object) -> None:
        self.content = content
        self.read: list[str] = []

    def __call__(self, url: str) -> object:
        self.read.append(url)
        return self.content


def test_keys_are_fetched_once_for_all_tokens_of_a_known_key() -> None:
    document = Document(Pool().document())
    keys = PoolKeys(URL, Clock(), document)

    assert "key1" in keys.for_key("key1")
    assert "key1" in keys.for_key("key1")
    assert document.read == [URL]


def test_an_invented_key_id_does_not_fetch_again_before_the_cool_down_is_over() -> None:
    document, clock = Document(Pool().document()), Clock()
    keys = PoolKeys(URL, clock, document)

    keys.for_key("key1")
    assert "invented" not in keys.for_key("invented")
    assert len(document.read) == 1

    clock.time += COOL_DOWN
    keys.for_key("invented")
    assert len(document.read) == 2


def test_a_new_key_of_the_pool_is_found_after_the_cool_down() -> None:
    document, clock = Document(Pool().document()), Clock()
    keys = PoolKeys(URL, clock, document)
    keys.for_key("key1")
    document.content = Pool(key_id="key2").document()

    clock.time += COOL_DOWN

    assert "key2" in keys.for_key("key2")


@pytest.mark.parametrize(
    "content", [None, [], {}, {"keys": [1]}, {"keys": [{"kty": "RSA"}]}, {"keys": [{"kty": "RSA", "kid": "a"}]}]
)
def test_an_answer_that_holds_no_keys_is_told_with_its_address(content: object) -> None:
    with pytest.raises(Unavailable) as told:
        PoolKeys(URL, Clock(), Document(content)).for_key("key1")

    assert URL in told.value.why


def test_an_address_that_does_not_answer_is_told() -> None:
    with pytest.raises(Unavailable) as told:
        PoolKeys("http://127.0.0.1:1/jwks.json", Clock()).for_key("key1")

    assert told.value.code == "ConnectionError"
