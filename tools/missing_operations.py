"""Print, as JSON, the operations of AWS's own models that the local cloud doesn't have; run in its environment."""

import inspect
import json
import re
from collections.abc import Callable
from typing import Any

import boto3
from botocore import xform_name
from ministack.services import appsync, cognito

from local_cloud.cognito import hold

DISPATCHED = re.compile(r'"([A-Z]\w+)": ')


UNLIKE_THEIR_NAMES = {"GetGraphqlApiEnvironmentVariables", "PutGraphqlApiEnvironmentVariables"}
"""Operations of AppSync that MiniStack has under other names."""


def missing() -> dict[str, list[str]]:
    """Services and the operations that nobody here answers, in the order of the alphabet."""
    known = {
        "cognito-idp": _dispatched(cognito._dispatch_idp) | set(hold.ADDED),  # noqa: SLF001
        "cognito-identity": _dispatched(cognito._dispatch_identity),  # noqa: SLF001
        "appsync": {name for name in _operations("appsync") if hasattr(appsync, f"_{xform_name(name)}")}
        | UNLIKE_THEIR_NAMES,
    }
    return {service: sorted(set(_operations(service)) - has) for service, has in known.items()}


def _operations(service: str) -> list[str]:
    return list(boto3.client(service, region_name="us-east-1").meta.service_model.operation_names)


def _dispatched(dispatch: Callable[..., Any]) -> set[str]:
    return set(DISPATCHED.findall(inspect.getsource(dispatch)))


if __name__ == "__main__":
    print(json.dumps(missing()))
