"""Whether an API lets a credential in at all, before it looks at any field: mode, issuer, app client."""

import re
from dataclasses import dataclass

from services.authorization.cells import Facts, Mode, Reason
from services.authorization.declared.configuration import ApiConfiguration, Provider
from services.authorization.declared.values import CONFIGURATION, KEYS, Declared

_PLACE = "API configuration"
_JWT = frozenset({Mode.USER_POOL, Mode.OIDC})


@dataclass(frozen=True, slots=True)
class Admission:
    """What the door says.

    Attributes:
        mode: the mode that the caller is let in by; None where it isn't, or where that can't be told.
        turned_away: whether the call is refused as a whole.
        reason: why.
    """

    mode: Mode | None
    turned_away: bool
    reason: Reason


def admission(declared: Declared, facts: Facts) -> Admission:
    """Whether an identity comes in, and by which mode."""
    if facts.mode is None or not facts.good:
        nothing = "Nothing is sent to say who calls, and every API wants a credential."
        spoilt = "The credential is spoilt on purpose: every API has to turn it away."
        return _away(nothing if facts.mode is None else spoilt)
    configuration = declared.configuration
    if configuration is None:
        return Admission(None, turned_away=False, reason=declared.missing(CONFIGURATION))
    if facts.mode in _JWT:
        return _token(configuration, facts)
    if not configuration.of_mode(facts.mode):
        return _without(configuration, facts.mode)
    return _key(declared, configuration) if facts.mode is Mode.API_KEY else _in(configuration, facts.mode)


def _key(declared: Declared, configuration: ApiConfiguration) -> Admission:
    if declared.keys is None:
        # The key came from somewhere, and is said to be good: the mode is what decides.
        return _in(configuration, Mode.API_KEY)
    live = [key for key in declared.keys if declared.at is None or key.expires > declared.at]
    if live:
        return _in(configuration, Mode.API_KEY)
    words = "No key of this API is live, so a call with a key judges nobody."
    return Admission(None, turned_away=False, reason=Reason(words, place=KEYS))


def _token(configuration: ApiConfiguration, facts: Facts) -> Admission:
    providers = [each for each in configuration.providers if each.mode in _JWT]
    if not providers:
        return _without(configuration, facts.mode or Mode.USER_POOL)
    if not facts.issuer:
        return _unknown("The issuer of the token isn't known, and it decides the mode.")
    found = next((each for each in providers if _trusts(configuration, each, facts.issuer)), None)
    if found is None:
        trusted = ", ".join(each.issuer for each in providers)
        return Admission(
            None,
            turned_away=True,
            reason=Reason(f"The API does not trust the token's issuer, {facts.issuer}.", f"issuers: {trusted}", _PLACE),
        )
    return _client(configuration, found, facts)


def _trusts(configuration: ApiConfiguration, provider: Provider, issuer: str) -> bool:
    """Whether a provider takes an issuer's tokens: with OIDC alone AppSync compares keys instead of addresses."""
    if len(configuration.providers) == 1 and provider.mode is Mode.OIDC:
        return provider.issuer.rstrip("/") == issuer.rstrip("/")
    return provider.issuer == issuer


def _client(configuration: ApiConfiguration, provider: Provider, facts: Facts) -> Admission:
    pattern = provider.client_pattern
    if not pattern:
        return _in(configuration, provider.mode)
    line = f"{'appIdClientRegex' if provider.mode is Mode.USER_POOL else 'clientId'}: {pattern}"
    if not facts.client_id:
        return _unknown("The app client of the token isn't known, and the API takes some only.", line)
    try:
        whole, part = re.fullmatch(pattern, facts.client_id), re.search(pattern, facts.client_id)
    except re.error:
        return _unknown("The API's pattern of app clients can't be read here.", line)
    if whole:
        return _in(configuration, provider.mode)
    if part:
        return _unknown("The pattern fits a part of the app client's id; AWS doesn't say whether that is enough.", line)
    words = f"The API takes tokens of other app clients than {facts.client_id} only."
    return Admission(None, turned_away=True, reason=Reason(words, line, _PLACE))


def _in(configuration: ApiConfiguration, mode: Mode) -> Admission:
    default = configuration.default.mode is mode
    which = "the API's default mode" if default else "one of the API's additional modes"
    return Admission(mode, turned_away=False, reason=Reason(f"{mode} is {which}.", _modes(configuration), _PLACE))


def _without(configuration: ApiConfiguration, mode: Mode) -> Admission:
    handed_on = bool(configuration.of_mode(Mode.LAMBDA))
    if mode in _JWT and handed_on:
        return _unknown(
            f"The API has no mode {mode}: it hands the credential to its Lambda authorizer, which decides by itself.",
            _modes(configuration),
        )
    words = f"{mode} is not one of the API's modes."
    if mode is Mode.IAM and handed_on:
        # If it is let in all the same, that is a finding; nothing would be one if nothing were predicted.
        words += " Its Lambda authorizer is handed the signature, which it can't check: it is taken to deny it."
    return Admission(None, turned_away=True, reason=Reason(words, _modes(configuration), _PLACE))


def _modes(configuration: ApiConfiguration) -> str:
    default, *rest = (provider.mode for provider in configuration.providers)
    return f"default: {default}" + (f"; additional: {', '.join(rest)}" if rest else "")


def _away(words: str) -> Admission:
    return Admission(None, turned_away=True, reason=Reason(words))


def _unknown(words: str, line: str = "") -> Admission:
    return Admission(None, turned_away=False, reason=Reason(words, line, _PLACE))
