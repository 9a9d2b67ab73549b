"""Who and what is brought along for a column: a person who signs in here, or a credential that is pasted."""

import re
from collections.abc import Callable
from typing import Protocol

from services import permissions
from services.audit import recorded
from services.authorization.identities import Pasted, Person
from services.authorization.identity import Kind
from services.errors import Invalid, SignInError
from services.permissions import Operator, Permission
from services.secret import Secret
from services.sign_in_challenges import Challenge, NewPasswordRequired
from services.tokens import Tokens

_SENDABLE = re.compile(r"[\x21-\x7e]+")
_WORDS = re.compile(r"[\x21-\x7e]+( +[\x21-\x7e]+)*")
"""A Lambda authorizer gets the header as it is, so that a token of several words, `Basic YWRhOjE=`, is its own."""
_BEARER = re.compile(r"bearer\s", re.IGNORECASE)


class StartsSignIn(Protocol):
    """Signs people in: `services.sign_in.SignIn`."""

    def start(self, username: str, password: Secret) -> Challenge | Tokens:
        """Prove the password."""


def sign_in_person(
    sign_in: StartsSignIn,
    identify: Callable[[Tokens], Operator],
    username: str,
    password: Secret,
    *,
    operator: Operator,
) -> Person:
    """Somebody else's tokens, verified, for columns of their own.

    Args:
        sign_in: signs in to the environment's user pool.
        identify: verifies tokens and names their holder.
        username: whose column it is to be.
        password: theirs; used once and not kept.
        operator: who adds the column.

    Raises:
        NotPermitted: the operator may not run calls.
        SignInError: the pool refused, or asks for a step that belongs to the person alone.
        ServiceError: the pool could not be reached.
    """
    permissions.check(operator, Permission.RUN_CALLS)
    with recorded(operator, "column.add", username, reads=True):
        answer = sign_in.start(username, password)
        if isinstance(answer, Tokens):
            return Person(identify(answer), answer)
        raise _unanswered(username, answer)


def pasted(kind: Kind, label: str, text: str, number: int) -> Pasted:
    """A credential that was pasted, as a column.

    Args:
        kind: what it is said to be.
        label: what the column is called; the kind when empty.
        text: the credential; blanks around it are dropped.
        number: tells it from others of this browser session.

    Raises:
        Invalid: it can't travel in an HTTP header, or would never reach what it is for.
    """
    credential = text.strip()
    of_words = kind is Kind.LAMBDA_TOKEN
    if not (_WORDS if of_words else _SENDABLE).fullmatch(credential):
        why = "It holds blanks or signs that an HTTP header can't carry" if credential else "Nothing was pasted"
        raise Invalid("Could not add the column", why, "Paste the credential alone, without “Bearer” before it")
    if of_words and _BEARER.match(credential):
        why = "AppSync takes what follows “Bearer” for a JSON web token, and never hands it to a Lambda authorizer"
        raise Invalid(
            "Could not add the column", why, "Paste the token without “Bearer”, or with another word before it"
        )
    return Pasted(f"pasted-{number}", label.strip() or f"Pasted {kind}", kind, Secret(credential))


def _unanswered(username: str, challenge: Challenge) -> SignInError:
    failed = f"Could not sign {username} in for a column"
    match challenge:
        case NewPasswordRequired():
            return SignInError(
                failed,
                "The password is temporary: Cognito wants a new one first",
                f"Set a permanent password for {username} on the page Passwords, or let them sign in once",
            )
        case _:
            return SignInError(
                failed,
                f"Cognito asks for {challenge.asks} as well",
                f"Let {username} sign in elsewhere and paste their token instead",
            )
