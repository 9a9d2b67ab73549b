"""What comes back of a credential is masked before anybody sees it, in whatever spelling and however much of it."""

import base64
import json
from urllib.parse import quote

import pytest

from services.authorization.masking import MASK, scrubbed
from services.credentials import ApiKey, AwsCredentials, Credentials, Token
from services.secret import Secret

JWT = "eyJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0." + "eyJzdWIiOiIxMTExIn0" * 9 + "." + "c2lnbmF0dXJl-_" * 20
SESSION = "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQ+" * 6
KEYS = AwsCredentials("ASIAEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Secret(SESSION))


@pytest.mark.parametrize(
    ("credentials", "secret"),
    [
        (Token(Secret(JWT)), JWT),
        (ApiKey(Secret("da2-abcdefghijklmnopqrstuvwxyz")), "da2-abcdefghijklmnopqrstuvwxyz"),
        (KEYS, SESSION),
        (KEYS, KEYS.secret_access_key.reveal()),
        (Token(Secret('two "words" of a Lambda token')), 'two "words" of a Lambda token'),
    ],
    ids=["JWT", "key", "session", "secret key", "words"],
)
def test_a_secret_that_comes_back_is_masked_in_every_spelling(credentials: Credentials, secret: str) -> None:
    for spelling in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], f"Bearer {secret},"):
        told = scrubbed(f"You sent {spelling} to us", credentials)
        assert MASK in told
        assert spelling not in told


@pytest.mark.parametrize("cut", [slice(0, 60), slice(0, 300), slice(50, 120), slice(-70, None), slice(7, 44)])
def test_a_part_of_a_token_that_comes_back_is_masked(cut: slice) -> None:
    told = scrubbed(f"Not a token: {JWT[cut]}…", Token(Secret(JWT)))
    assert told.startswith("Not a token: ")
    longest = max(len(JWT[cut][start:end]) for start in range(len(JWT[cut])) for end in range(start, len(JWT[cut]) + 1)
                  if JWT[cut][start:end] in told)  # fmt: skip
    assert longest < 24


def test_a_signature_that_comes_back_is_masked() -> None:
    header = f"AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20260601/us-east-1/appsync, Signature={'0a1b' * 16}"
    assert "0a1b" not in scrubbed(json.dumps({"message": header}), KEYS)


def test_what_is_no_secret_stays() -> None:
    text = json.dumps({"data": {"listUsers": {"items": [{"userId": "11111111-2222", "name": "Ada"}]}}})
    for credentials in (Token(Secret(JWT)), KEYS, Token(Secret("allow"))):
        assert scrubbed(text, credentials) == text
    assert scrubbed(base64.b64encode(b"anything else").decode(), KEYS) == base64.b64encode(b"anything else").decode()
