"""Who the holder of two tokens is."""

import pytest

from services.keys import PoolKeys
from services.operators import Identify
from services.permissions import Role
from services.tokens import Fault, TokenRefused, Tokens
from tests.stand_ins import ENVIRONMENT, NOON, Clock, Pool

POOL = Pool()
identify = Identify(ENVIRONMENT, PoolKeys(ENVIRONMENT.jwks_url, Clock(), lambda _: POOL.document()), Clock())


def test_a_member_of_the_admin_group_is_an_admin() -> None:
    operator = identify(POOL.tokens())

    assert (operator.username, operator.sub, operator.groups, operator.role) == ("ada", "1111", ("admins",), Role.ADMIN)


@pytest.mark.parametrize("groups", [[], ["not-admins"], ["admins-2"], ["Admins"], ["not-viewers"]])
def test_anybody_else_has_no_role(groups: list[str]) -> None:
    assert identify(POOL.tokens(**{"cognito:groups": groups})).role is Role.NONE


def test_a_member_of_the_viewer_group_is_a_viewer() -> None:
    assert identify(POOL.tokens(**{"cognito:groups": ["viewers"]})).role is Role.VIEWER


def test_the_tokens_of_two_people_are_refused() -> None:
    ada, other = POOL.tokens(), POOL.tokens(sub="2222")

    with pytest.raises(TokenRefused, match="two people"):
        identify(Tokens(ada.id_token, other.access_token, None, NOON))


def test_an_access_token_in_the_place_of_the_id_token_is_refused() -> None:
    tokens = POOL.tokens()

    with pytest.raises(TokenRefused) as refused:
        identify(Tokens(tokens.access_token, tokens.access_token, None, NOON))

    assert refused.value.fault is Fault.USE
