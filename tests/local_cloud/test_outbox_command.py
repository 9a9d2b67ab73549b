"""The outbox on a terminal."""

from local_cloud.outbox_command import line


def test_no_name_or_address_steers_the_terminal() -> None:
    told = {
        "at": 0,
        "kind": "invitation",
        "username": "a\x1b[31mb",
        "destination": "\u202ec",
        "secret": "d\r",
        "pool": "e",
    }
    said = line(told)
    assert said.isprintable()
    assert said.endswith("invitation  a\ufffd[31mb  \ufffdc  d\ufffd  e")
