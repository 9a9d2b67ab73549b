"""Finding people in the user pool, by what their user name or e-mail address begins with."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services import permissions
from services.aws_errors import spoken
from services.errors import Invalid
from services.people import Person, person
from services.permissions import Operator, Permission
from services.reading import Meter, Reading

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import ListUsersRequestTypeDef, ListUsersResponseTypeDef

MOST_FOUND = 60  # what one ListUsers call returns at most
LONGEST_FILTER = 256
EMPTY_PAGES = 5  # Cognito may answer with empty pages before the first hit


@dataclass(frozen=True, slots=True)
class Found:
    """What a search showed.

    Attributes:
        people: who was found, by user name.
        more: whether there are more than these.
        reading: when, in how many calls, in how much time.
    """

    people: tuple[Person, ...]
    more: bool
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Hits:
    """What one filter showed, in how many calls."""

    people: tuple[Person, ...]
    more: bool
    calls: int


def condition(attribute: str, operator: str, value: str) -> str:
    """A ListUsers filter of one condition; whatever the value holds, it stays inside its quotes.

    Args:
        attribute: a searchable attribute, e.g. `email`.
        operator: `=` for the whole value, `^=` for its beginning.
        value: the text to compare with.

    Raises:
        Invalid: the filter would be longer than Cognito takes.
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    built = f'{attribute} {operator} "{escaped}"'
    if len(built) > LONGEST_FILTER:
        raise Invalid("Could not search", "The text is too long for a search in the user pool", "Type less of it")
    return built


def filters_for(text: str) -> tuple[str, ...]:
    """The filters whose hits together answer a search; Cognito takes one condition per call."""
    if not text:
        return ("",)
    asked = [condition("username", "^=", text), condition("email", "^=", text)]
    # Cognito compares user names by case, also in a pool that lets people sign in in any case.
    if (lower := text.lower()) != text:
        asked.append(condition("username", "^=", lower))
    if text.startswith("+"):
        asked.append(condition("phone_number", "^=", text))
    return tuple(asked)


@dataclass(frozen=True, slots=True)
class Directory:
    """The people of one user pool."""

    client: "CognitoIdentityProviderClient"
    pool_id: str

    def find(self, operator: Operator, text: str) -> Found:
        """People whose user name, e-mail or (with a leading +) phone number begins with the text.

        An empty text gives the first people of the pool. ListUsers, one call per attribute, side by side.

        Raises:
            NotPermitted: the operator may not search.
            ServiceError: Cognito refused or failed.
        """
        permissions.check(operator, Permission.READ_PEOPLE)
        asked = filters_for(text.strip())
        meter = Meter()
        with ThreadPoolExecutor(len(asked)) as pool:
            answers = list(pool.map(self._hits, asked))
        meter.count(sum(hits.calls for hits in answers))
        people = _by_name(found for hits in answers for found in hits.people)
        return Found(people, any(hits.more for hits in answers), meter.reading())

    def get(self, operator: Operator, username: str) -> Person | None:
        """The person of that user name, None when there is none.

        ListUsers, not AdminGetUser: Cognito bills a user whom AdminGetUser read as active this month.
        """
        permissions.check(operator, Permission.READ_PEOPLE)
        hits = self._hits(condition("username", "=", username))
        return next((found for found in hits.people if found.username.casefold() == username.casefold()), None)

    def _hits(self, asked: str) -> _Hits:
        """The first hits of one filter, following pages that hold none."""
        answer = self._list(asked, None)
        calls = 1
        while not answer["Users"] and answer.get("PaginationToken") and calls < EMPTY_PAGES:
            answer = self._list(asked, answer["PaginationToken"])
            calls += 1
        return _Hits(tuple(map(person, answer["Users"])), bool(answer.get("PaginationToken")), calls)

    def _list(self, asked: str, token: str | None) -> "ListUsersResponseTypeDef":
        request: ListUsersRequestTypeDef = {"UserPoolId": self.pool_id, "Limit": MOST_FOUND}
        if asked:
            request["Filter"] = asked
        if token:
            request["PaginationToken"] = token
        with spoken("search the user pool"):
            return self.client.list_users(**request)


def _by_name(people: Iterable[Person]) -> tuple[Person, ...]:
    """Each person once, in the order of their user names."""
    return tuple(sorted({found.username: found for found in people}.values(), key=lambda p: p.username.casefold()))
