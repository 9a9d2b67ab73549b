"""One AWS client for everybody, each call signed with the credentials of whoever makes it.

A client of one's own for each operator would cost the process six thousand objects each: botocore makes every client a
class of its own, with a method for each operation. Every garbage collection walks them all, and with fifty operators
that took longer than all of the rest.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from botocore.credentials import DeferredRefreshableCredentials, ReadOnlyCredentials

_caller: ContextVar[DeferredRefreshableCredentials] = ContextVar("caller")


class CallersCredentials:
    """What a shared client signs with: the credentials of the call that is under way in this thread.

    Outside of such a call there are none, and none other step in: signing raises `LookupError`.
    """

    method = "gatehouse-operator"

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """What botocore asks before it signs."""
        return _caller.get().get_frozen_credentials()

    def get_deferred_property(self, name: str) -> Callable[[], object]:
        """What botocore asks for the account in an endpoint's name; temporary credentials don't tell it."""
        return lambda: getattr(self, name, None)


class SignedAs:
    """A botocore client, or a paginator of one, whose calls one person signs.

    Args:
        shared: signs with `CallersCredentials`.
        credentials: the person's.
    """

    def __init__(self, shared: Any, credentials: DeferredRefreshableCredentials) -> None:
        self._shared, self._credentials = shared, credentials

    def get_paginator(self, operation: str) -> "SignedAs":
        """As the client's own; its pages are asked for under the person's name as well."""
        return SignedAs(self._shared.get_paginator(operation), self._credentials)

    def paginate(self, **asked: Any) -> Iterator[Any]:
        """The pages of a paginator."""
        pages = iter(self._shared.paginate(**asked))
        while True:
            with _called_by(self._credentials):
                page = next(pages, None)
            if page is None:
                return
            yield page

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._shared, name)
        return self._under_the_name(found) if callable(found) and not isinstance(found, type) else found

    def _under_the_name(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def called(*args: Any, **asked: Any) -> Any:
            with _called_by(self._credentials):
                return method(*args, **asked)

        return called


@contextmanager
def _called_by(credentials: DeferredRefreshableCredentials) -> Generator[None]:
    token = _caller.set(credentials)
    try:
        yield
    finally:
        _caller.reset(token)
