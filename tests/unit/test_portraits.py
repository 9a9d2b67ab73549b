"""Portraits: which addresses are fetched, how often, and what stands in for the rest."""

import base64
from dataclasses import dataclass, field
from threading import Barrier, Lock
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.image_fetch import Image
from services.portraits import KEPT, Portraits, data_uri, initials, is_own

OWN = "http://127.0.0.1:4566"
PNG = Image("image/png", b"png")


@dataclass
class Fetcher:
    """Notes what it is asked to fetch; gives an image for addresses that don't end in `none`."""

    asked: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def __call__(self, address: str) -> Image | None:
        with self.lock:
            self.asked.append(address)
        return None if address.endswith("none") else PNG


def test_own_addresses_are_fetched_and_others_only_when_asked_for() -> None:
    own, public = Fetcher(), Fetcher()
    portraits = Portraits(OWN, own, public)
    addresses = [f"{OWN}/a.svg", "https://pictures.example/b.jpg"]

    assert portraits.load(addresses, remote=False) == {f"{OWN}/a.svg": data_uri(PNG)}
    assert public.asked == []
    assert set(portraits.load(addresses, remote=True)) == set(addresses)
    assert (own.asked, public.asked) == ([f"{OWN}/a.svg"], ["https://pictures.example/b.jpg"])


def test_an_image_is_fetched_once_and_a_failure_again() -> None:
    own = Fetcher()
    portraits = Portraits(OWN, own)
    for _ in range(2):
        assert set(portraits.load([f"{OWN}/a", f"{OWN}/none"], remote=False)) == {f"{OWN}/a"}
    assert sorted(own.asked) == [f"{OWN}/a", f"{OWN}/none", f"{OWN}/none"]


def test_fetches_run_beside_each_other() -> None:
    both = Barrier(2, timeout=30)

    def fetch(_: str) -> Image:
        both.wait()  # gives up, and fails the test, unless two fetches are under way at once
        return PNG

    assert len(Portraits(OWN, fetch).load([f"{OWN}/a", f"{OWN}/b"], remote=False)) == 2


def test_only_the_last_portraits_are_kept() -> None:
    own = Fetcher()
    portraits = Portraits(OWN, own)
    addresses = [f"{OWN}/{number}" for number in range(KEPT + 1)]
    for address in addresses:
        portraits.load([address], remote=False)
    portraits.load([addresses[0], addresses[-1]], remote=False)
    assert len(own.asked) == KEPT + 2
    assert own.asked[-1] == addresses[0]


@pytest.mark.parametrize(
    ("address", "own"),
    [
        (f"{OWN}/a.svg", True),
        ("http://127.0.0.1:4567/a.svg", False),
        ("https://127.0.0.1:4566/a.svg", False),
        ("http://127.0.0.1:4566@evil.example/a.svg", False),
        ("http://127.0.0.1:4566.evil.example/a.svg", False),
        ("http://localhost:4566/a.svg", False),
        ("http://127.0.0.1:port/a.svg", False),
        ("http://[::1/a.svg", False),
        ("", False),
    ],
)
def test_only_the_endpoints_own_origin_is_own(address: str, own: bool) -> None:
    assert is_own(address, OWN) is own


def test_on_aws_no_address_is_own() -> None:
    assert not is_own("", "")
    assert not is_own("https://cognito-idp.eu-west-1.amazonaws.com/", "")


@given(st.none() | st.text(), st.none() | st.text(), st.text(st.characters()))
def test_initials_are_a_drawing_whatever_the_name_is(first: str | None, last: str | None, key: str) -> None:
    uri = initials(first, last, key)
    head, _, content = uri.partition(";base64,")
    assert head == "data:image/svg+xml"
    drawing = ElementTree.fromstring(base64.b64decode(content))  # noqa: S314 (made here)
    assert [child.tag.rpartition("}")[2] for child in drawing] == ["circle", "text"]


def test_initials_are_the_first_letters() -> None:
    content = base64.b64decode(initials("ann", "<lee", "1").partition(",")[2]).decode()
    assert ">AL</text>" in content
