"""Cognito's answers, as MiniStack hands them on: status, headers, body."""

import functools
import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json, json_response

Answer = tuple[int, dict[str, str], bytes]
Data = dict[str, Any]
"""The parameters of a call, or the content of an answer."""

Operation = Callable[[Data], Answer]
"""What MiniStack runs for one kind of call."""


class Refused(Exception):
    """The call is refused with one of Cognito's errors."""

    def __init__(self, code: str, message: str) -> None:
        """Name the error (`NotAuthorizedException`) and say why, in Cognito's words."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class RefusedByMiniStack(Exception):
    """MiniStack refused a step of a call; its answer is the call's."""

    def __init__(self, answer: Answer) -> None:
        """Keep MiniStack's answer."""
        super().__init__()
        self.answer = answer


def answering(work: Callable[[Data], Data]) -> Operation:
    """Return an operation that answers with what `work` returns, or with the refusal that it raises."""

    @functools.wraps(work)
    def operation(call: Data) -> Answer:
        try:
            answer: Answer = json_response(work(call))
        except Refused as refused:
            answer = error_response_json(refused.code, refused.message)
        except RefusedByMiniStack as refused:
            answer = refused.answer
        return answer

    return operation


def content(answer: Answer) -> Data:
    """Return what a call answered; raises RefusedByMiniStack when it was refused."""
    status, _, body = answer
    if status != 200:
        raise RefusedByMiniStack(answer)
    said: Data = json.loads(body)
    return said
