"""Which names of a suite file an identity goes by."""

import pytest

from services.authorization.suite.patterns import merged, names_for


@pytest.mark.parametrize(
    ("identity", "names"),
    [
        ("nobody", ("nobody",)),
        ("api-key:2", ("api-key", "api-key:2")),
        ("guest/iam", ("guest", "guest/iam")),
        ("group:admins/id", ("group", "group:admins", "group:admins/id")),
        ("group:a:b/c/access", ("group", "group:a:b/c", "group:a:b/c/access")),
        ("oidc:some/one", ("oidc", "oidc:some/one")),
        ("broken:expired", ("broken", "broken:expired")),
    ],
)
def test_an_identity_goes_by_its_kind_its_holder_and_its_id(identity: str, names: tuple[str, ...]) -> None:
    assert names_for(identity) == names


def test_a_group_is_no_other_whose_name_begins_alike() -> None:
    assert "group:admin" not in names_for("group:admins/id")
    assert "group:a" not in names_for("group:a/b/id")


def test_the_narrower_name_wins() -> None:
    by_name = {"group:a/id": {"x": 3}, "group": {"x": 1, "y": 1}, "group:a": {"x": 2, "z": 2}, "guest": {"x": 9}}

    assert merged({"w": 0, "x": 0}, by_name, "group:a/id") == {"w": 0, "x": 3, "y": 1, "z": 2}
