"""What answers without any credential: the signing keys, the REST API, and AWS's clock."""

import json
import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from services.doctor.case import Case
from services.doctor.values import Finding, listed, ok, problem, unchecked, warning

_IN_ADDRESS = re.compile(r"\.(?:appsync-api|execute-api)\.([a-z0-9-]+)\.amazonaws\.com")
NOISE = timedelta(seconds=3)  # a date has whole seconds, and an answer takes its time
NOTICED = timedelta(seconds=30)
TOO_FAR = timedelta(minutes=5)


def region(case: Case) -> Finding:
    """Whether the Region is the one that the ids and the addresses name themselves."""
    here = case.environment
    said = {
        "user_pool_id": here.user_pool_id.partition("_")[0],
        "identity_pool_id": here.identity_pool_id.partition(":")[0],
    }
    for name, url in ((f"{api.name}_api_url", api.url) for api in here.apis):
        said[name] = named[1] if (named := _IN_ADDRESS.search(url)) else ""
    said["rest_api_url"] = named[1] if (named := _IN_ADDRESS.search(here.rest_api_url)) else ""
    others = {name: other for name, other in said.items() if other and other != here.region}
    if others:
        told = listed(f"{name} is of {other}" for name, other in others.items())
        return problem(
            here.region,
            f"{told}: calls go to another Region than the one where these are",
            "Leave region out, since it follows from user_pool_id, or name ids and addresses of one Region",
        )
    return ok(here.region)


def signing_keys(case: Case) -> Finding:
    """The user pool's JWKS document, without which no token can be verified."""
    url = case.environment.jwks_url
    answer = case.fetch(url)
    try:
        keys = json.loads(answer.text)["keys"]
    except (ValueError, KeyError, TypeError):
        keys = None
    if answer.status == 429 or answer.status >= 500:
        return unchecked(f"{url} answered {answer.status}", "The service itself failed", "Try again")
    if answer.status != 200 or not isinstance(keys, list) or not keys:
        return problem(
            f"{url} answered {answer.status}",
            "There are no signing keys, so no token can be verified and nobody gets in",
            "Check user_pool_id and the Region",
        )
    return ok(f"{len(keys)} keys")


def rest_api(case: Case) -> Finding:
    """The REST API's stage: what is there refuses or answers, what isn't is unknown to API Gateway."""
    url = case.environment.rest_api_url
    if not url:
        return ok("none is configured")
    answer = case.fetch(url.rstrip("/") + "/hello")
    kind = answer.headers.get("x-amzn-errortype", "")
    unknown = answer.status in (403, 404) and not kind.startswith("MissingAuthenticationToken")
    if unknown or answer.status >= 500:
        return problem(
            f"{url} answered {answer.status}",
            "There is no such REST API or stage",
            "Set rest_api_url to the output RestApiUrl of the deployed stack",
        )
    return ok(f"{url} answered {answer.status}")


def clock(case: Case) -> Finding:
    """This machine's clock against the Date of an AWS answer; AWS refuses signatures that are five minutes off."""
    answer = case.fetch(case.environment.jwks_url)
    try:
        date, zone, _ = answer.headers.get("date", "").partition("GMT")  # a proxy may have added its own
        there = parsedate_to_datetime(date + zone)
    except (ValueError, TypeError):
        return unchecked("the answer has no date", "AWS's clock could not be read", "Try again")
    skew = case.now() - there
    found = _told(skew, there)
    mend = "Let the machine keep its time by NTP"
    if abs(skew) >= TOO_FAR:
        return problem(found, "AWS refuses signatures that are five minutes off, and tokens count as expired", mend)
    if abs(skew) >= NOTICED:
        return warning(found, "Fresh tokens may count as not yet valid", mend)
    return ok(found)


def _told(skew: timedelta, there: datetime) -> str:
    seconds = round(abs(skew.total_seconds()))
    side = "ahead of" if skew > timedelta() else "behind"
    return (
        "together with AWS's"
        if seconds <= NOISE.total_seconds()
        else f"{seconds} s {side} AWS's ({there:%H:%M:%S} UTC)"
    )
