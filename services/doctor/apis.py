"""The AppSync APIs: reachable, with the modes, the schema and the keys that the dashboard needs."""

import json
from datetime import timedelta

from services.authorization.cells import Mode
from services.authorization.declared.values import CONFIGURATION, KEYS, SCHEMA, Declared
from services.aws_errors import MEANINGS, is_missing_right, spoken
from services.doctor.case import Case
from services.doctor.values import Finding, listed, ok, problem, unchecked, warning
from services.errors import NotFound
from services.settings import Api

SOON = timedelta(days=3)
_PROBE = json.dumps({"query": "{ __typename }"})
_MEANINGS = {"NotFoundException": MEANINGS["ResourceNotFoundException"]}
_NO_ID = "Its id isn't configured, so its settings can't be read"


def address(case: Case, api: Api) -> Finding:
    """A call without any credential: an API that is there refuses it in AppSync's own words."""
    answer = case.fetch(api.url, body=_PROBE)
    try:
        body = json.loads(answer.text)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not ({"errors", "data"} & set(body)):
        return problem(
            f"{api.url} answered {answer.status}",
            "That is no answer of an AppSync API",
            f"Set {api.name}_api_url to the output GraphQLApiUrl of the deployed stack",
        )
    return _belongs(case, api) or ok(f"{api.url} answered {answer.status}")


def _belongs(case: Case, api: Api) -> Finding | None:
    """What is wrong between the address and the id; GetGraphqlApi."""
    if not api.api_id:
        return None
    try:
        with spoken("read the API", _MEANINGS):
            record = case.clients.appsync.get_graphql_api(apiId=api.api_id)["graphqlApi"]
    except NotFound:
        return problem(
            api.api_id,
            "There is no AppSync API of this id, although something answers at the address",
            f"Set {api.name}_api_id to the output GraphQLApiId of the deployed stack",
        )
    named = record.get("uris", {}).get("GRAPHQL", "")
    # Another endpoint than AWS's serves the API under an address of its own, which has the id in it.
    elsewhere = case.environment.endpoint_url and api.api_id in api.url.split("/")
    if named and not elsewhere and named.rstrip("/") != api.url.rstrip("/"):
        return problem(
            f"the id {api.api_id} is that of {named}",
            "Id and address are of different APIs, so what is predicted would be wrong",
            f"Set {api.name}_api_url and {api.name}_api_id to those of one API",
        )
    return None


def modes(case: Case, api: Api) -> Finding:
    """Which modes it has, and whether its user pool is this environment's."""
    if not api.api_id:
        return _without_id(api)
    declared = case.declared(api)
    if declared.configuration is None:
        return _unread(declared, CONFIGURATION)
    configuration, here = declared.configuration, case.environment
    pools = {provider.pool_id for provider in configuration.of_mode(Mode.USER_POOL)}
    found = listed(provider.mode for provider in configuration.providers)
    if api.name == "users" and not pools:
        return problem(
            found,
            "It lacks the mode AMAZON_COGNITO_USER_POOLS, so whoever is signed in is refused",
            f"Add that mode with the user pool {here.user_pool_id}, or name another API in users_api_url",
        )
    if pools and here.user_pool_id not in pools:
        return problem(
            found,
            f"It trusts the user pool {listed(sorted(pools))}, so tokens of {here.user_pool_id} are refused",
            f"Name the user pool that it trusts, or let the API trust {here.user_pool_id}",
        )
    if api.name == "users" and here.identity_pool_id and not configuration.of_mode(Mode.IAM):
        return warning(
            found,
            "It lacks the mode AWS_IAM, so guests and the credentials of the identity pool are refused",
            "Add that mode, unless it is meant to be without",
        )
    return ok(found)


def schema(case: Case, api: Api) -> Finding:
    """Whether the schema can be read, and whether everybody may ask for it."""
    if not api.api_id:
        return _without_id(api)
    declared = case.declared(api)
    if declared.schema is None:
        return _unread(declared, SCHEMA)
    open_to_all = declared.configuration and declared.configuration.introspection
    return ok(f"read; introspection is {'on' if open_to_all else 'off'}")


def keys(case: Case, api: Api) -> Finding:
    """The API's keys and their days left; a configured one is tried."""
    if not api.api_id:
        return _without_id(api)
    declared, now = case.declared(api), case.now()
    if declared.keys is None:
        return _unread(declared, KEYS)
    days = sorted((key.expires - now).days for key in declared.keys)
    found = listed(f"{left} days left" if left >= 0 else "expired" for left in days) or "none"
    configuration = declared.configuration
    takes_keys = configuration is not None and bool(configuration.of_mode(Mode.API_KEY))
    if wrong := _configured_key(case, api, found, takes_keys=takes_keys):
        return wrong
    if takes_keys and days and days[-1] < 0:
        return problem(found, "Every key of the API has expired", "Create a key, or prolong one that is left")
    if days and days[-1] < SOON.days and takes_keys:
        return warning(found, "Calls by API key will soon be refused", "Prolong the key, or create another one")
    return ok(found)


def _configured_key(case: Case, api: Api, found: str, *, takes_keys: bool) -> Finding | None:
    """What is wrong with the key that is configured; a call tells."""
    if not api.api_key:
        return None
    if not takes_keys:
        return warning(
            found,
            "An API key is configured, and the API lacks the mode API_KEY: it is refused",
            f"Take {api.name}_api_key away, or add that mode",
        )
    answer = case.fetch(api.url, body=_PROBE, headers={"x-api-key": api.api_key.reveal()})
    if answer.status not in (401, 403):
        return None
    return problem(
        found,
        "The configured API key is refused: it has expired, was deleted, or is another API's",
        f"Create a key for the API and set {api.name}_api_key",
    )


def _without_id(api: Api) -> Finding:
    return warning("its id isn't configured", _NO_ID, f"Set {api.name}_api_id")


def _unread(declared: Declared, what: str) -> Finding:
    missing = next(each for each in declared.unread if each.what == what)
    if not is_missing_right(missing.why):
        return unchecked("could not be read", missing.why, "Mend what the check of the user pool says, and check again")
    return unchecked("could not be read", missing.why, f"Let the credential do {missing.call}, and check the API's id")
