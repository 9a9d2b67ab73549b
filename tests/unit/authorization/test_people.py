"""Bringing a person or a credential along for a column."""

import pytest

from services.authorization.identity import Kind
from services.authorization.people import pasted, sign_in_person
from services.errors import Invalid, NotPermitted, SignInError
from services.permissions import Operator, Role
from services.secret import Secret
from services.sign_in_challenges import Challenge, CodeRequired, NewPasswordRequired, ResetRequired
from services.tokens import Fault, TokenRefused, Tokens
from tests.stand_ins import Pool, Record

ADA = Operator("ada", "1111", ("admins",), Role.ADMIN)
OTTO = Operator("otto", "2222", (), Role.NONE)
PASSWORD = Secret("Correct-Horse-1")


class SignIn:
    """A user pool whose next answer is laid down."""

    def __init__(self, answer: Challenge | Tokens) -> None:
        self.answer = answer

    def start(self, username: str, password: Secret) -> Challenge | Tokens:
        assert (username, password) == ("otto", PASSWORD)
        return self.answer


def identify(_: Tokens) -> Operator:
    return OTTO


def test_a_person_comes_with_verified_tokens_and_the_act_is_recorded_without_the_password(
    record: Record,
) -> None:
    tokens = Pool().tokens(sub="2222")
    person = sign_in_person(SignIn(tokens), identify, "otto", PASSWORD, operator=ADA)
    assert (person.operator, person.tokens) == (OTTO, tokens)
    (act,) = record()
    assert (act.begun.who, act.begun.act, act.begun.target, act.outcome) == ("ada", "column.add", "otto", "done")
    assert PASSWORD.reveal() not in str(act)


def test_tokens_that_do_not_verify_add_nobody() -> None:
    def refuse(_: Tokens) -> Operator:
        raise TokenRefused("Could not accept the token", fault=Fault.SIGNATURE)

    with pytest.raises(TokenRefused):
        sign_in_person(SignIn(Pool().tokens()), refuse, "otto", PASSWORD, operator=ADA)


@pytest.mark.parametrize(
    ("challenge", "words"),
    [
        (NewPasswordRequired("otto", Secret("s")), "page Passwords"),
        (CodeRequired("otto", Secret("s")), "the code of a second factor"),
        (ResetRequired("otto"), "the password to be reset"),
    ],
)
def test_a_further_step_is_told_in_plain_words(challenge: Challenge, words: str) -> None:
    with pytest.raises(SignInError, match=words):
        sign_in_person(SignIn(challenge), identify, "otto", PASSWORD, operator=ADA)


def test_nobody_without_the_permission_signs_others_in() -> None:
    with pytest.raises(NotPermitted):
        sign_in_person(SignIn(Pool().tokens()), identify, "otto", PASSWORD, operator=OTTO)


def test_blanks_around_a_pasted_credential_are_dropped() -> None:
    column = pasted(Kind.JWT, " ", "  a.b.c\n", 3)
    assert (column.id, column.label, column.secret.reveal()) == ("pasted-3", "Pasted JWT", "a.b.c")


@pytest.mark.parametrize("text", ["", "   ", "Bearer a.b.c", "a\nb", "schlüssel"])
def test_what_no_header_can_carry_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        pasted(Kind.JWT, "", text, 0)
    assert not text.strip() or text not in str(refused.value)


@pytest.mark.parametrize("text", ["Basic YWRhOjE=", "custom eyJ.a.b", "allow"])
def test_a_lambda_authorizers_token_may_be_of_several_words(text: str) -> None:
    assert pasted(Kind.LAMBDA_TOKEN, "", f" {text}\n", 0).secret.reveal() == text


@pytest.mark.parametrize("text", ["two\nlines", "", "a\tb", "Bearer abc", "bearer abc"])
def test_what_would_never_reach_a_lambda_authorizer_is_no_token_for_one(text: str) -> None:
    with pytest.raises(Invalid):
        pasted(Kind.LAMBDA_TOKEN, "", text, 0)
