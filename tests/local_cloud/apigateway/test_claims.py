"""How a token's claims look to the function behind API Gateway."""

from local_cloud.apigateway.claims import as_texts


def test_claims_look_as_a_captured_event_of_aws_shows_them() -> None:
    signed = {
        "sub": "cdad23f0-2ad6-4dc1-993d-bbb3f6f8c707",
        "email_verified": True,
        "auth_time": 1469814773,
        "exp": 1469818373,
        "iat": 1469814773,
    }
    assert as_texts(signed) == {
        "sub": "cdad23f0-2ad6-4dc1-993d-bbb3f6f8c707",
        "email_verified": "true",
        "auth_time": "1469814773",
        "exp": "Fri Jul 29 18:52:53 UTC 2016",
        "iat": "Fri Jul 29 17:52:53 UTC 2016",
    }


def test_a_day_of_one_digit_is_written_with_two() -> None:
    assert as_texts({"exp": 1725157384})["exp"] == "Sun Sep 01 02:23:04 UTC 2024"


def test_a_list_is_one_text_with_commas_and_an_empty_one_is_left_out() -> None:
    assert as_texts({"cognito:groups": ["admins", "x,y"], "cognito:roles": []}) == {"cognito:groups": "admins,x,y"}


def test_an_object_within_a_list_is_written_as_json() -> None:
    assert as_texts({"identities": [{"userId": "1", "primary": True}]}) == {
        "identities": '{"userId":"1","primary":true}'
    }
