"""The all-modes API's resolver and its Lambda authorizer."""

import pytest

USER = {
    "sub": "s1",
    "issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a",
    "username": "ada",
    "claims": {},
    "groups": ["admins"],
    "defaultAuthStrategy": "ALLOW",
}
IDENTITIES = {
    "API_KEY": (None, None, None),
    "AWS_LAMBDA": ({"resolverContext": {"name": "the holder"}}, "the holder", None),
    "AWS_IAM": ({"userArn": "arn:aws:iam::1:user/x", "username": "AID"}, "arn:aws:iam::1:user/x", None),
    "AMAZON_COGNITO_USER_POOLS": (USER, "ada", ["admins"]),
    "OPENID_CONNECT": ({"sub": "s2", "issuer": "https://issuer.example", "claims": {}}, "s2", None),
}


@pytest.mark.parametrize("mode", IDENTITIES)
def test_who_am_i_tells_mode_name_and_groups(resolve, mode):
    identity, name, groups = IDENTITIES[mode]
    assert resolve("whoAmI", identity) == {"mode": mode, "name": name, "groups": groups}
    assert resolve("byEveryMode", identity) == f"byEveryMode: answered {mode}"


def test_a_guest_is_named_by_the_identity_pools_id(resolve):
    guest = {"userArn": "arn:aws:sts::1:assumed-role/guest/x", "cognitoIdentityId": "us-east-1:7"}
    assert resolve("whoAmI", guest)["name"] == "us-east-1:7"


def test_echo_gives_the_text_back(resolve):
    assert resolve("echo", None, text="hello") == "hello"


@pytest.mark.parametrize("field", ["trapNarrowedChild", "trapNonNullChild"])
def test_the_resolver_itself_refuses_nobody(resolve, field):
    assert resolve(field, None) == {"open": "read by API_KEY", "adminsOnly": "for admins"}


def test_the_right_token_passes_for_all_but_one_field(authorize):
    assert authorize("0123456789abcdef") == {
        "isAuthorized": True,
        "resolverContext": {"name": "holder of the shared token"},
        "deniedFields": ["Query.deniedByLambda"],
        "ttlOverride": 0,
    }


@pytest.mark.parametrize("token", ["", None, "0123456789abcde", "0123456789abcdef ", "0123456789ABCDEF", "ünsinn"])
def test_any_other_token_is_refused(authorize, token):
    assert authorize(token) == {"isAuthorized": False, "ttlOverride": 0}


@pytest.fixture
def resolve(function):
    """Return a call of the resolver for a field by an identity."""
    module = function("auth_modes")
    return lambda field, identity, **arguments: module.handler(
        {"info": {"fieldName": field}, "identity": identity, "arguments": arguments}, None
    )


@pytest.fixture
def authorize(function):
    """Return a call of the authorizer with a token."""
    module = function("authorizer", AUTHORIZER_TOKEN="0123456789abcdef")
    return lambda token: module.handler({"authorizationToken": token}, None)
