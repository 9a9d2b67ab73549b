"""The parts of a suite file that speak of identities: who takes part, their canaries, and their names elsewhere."""

import re
from collections.abc import Mapping

from services.authorization.suite.model import Canary, IdentityChoice, IdentityKind
from services.authorization.suite.patterns import CREDENTIALS
from services.authorization.suite.plain_secrets import secret_of
from services.authorization.suite.yaml_parts import Part

BROKEN = ("tampered", "other-pool", "wrong-client", "wrong-key", "wrong-signature", "alg-none", "expired",
          "wrong-secret", "changed-body", "clock-skew", "clock-ahead", "made-up-key")  # fmt: skip
"""The spoilt credentials that a suite can ask for."""

_ALONE = (IdentityKind.NOBODY, IdentityKind.API_KEY, IdentityKind.GUEST)
_TABLES: Mapping[IdentityKind, tuple[str, ...]] = {
    IdentityKind.STAND_IN: ("sends",),
    IdentityKind.PERSON: ("password", "sends"),
    IdentityKind.OIDC: ("token",),
    IdentityKind.LAMBDA: ("token", "denied"),
    IdentityKind.BROKEN: ("token",),
}
_HEADS = ("nobody", "api-key", "guest", "me", "group", "no-group", "person", "oidc", "lambda", "broken")
_FIELD = re.compile(r"[A-Za-z_]\w*\.[A-Za-z_]\w*")


def choices_of(part: Part | None, variables: Mapping[str, str]) -> tuple[IdentityChoice, ...]:
    """Who takes part; raises `Invalid` for an entry that names nobody, and for a secret in the file."""
    if part is None:
        return ()
    found: list[IdentityChoice] = []
    for entry in part.items():
        choice = _choice(entry, variables)
        if (choice.kind, choice.name, choice.groups) in [(each.kind, each.name, each.groups) for each in found]:
            raise entry.refused("this identity stands here a second time")
        found.append(choice)
    if not found:
        raise part.refused("identities is empty", "Leave it out for everybody that the environment offers")
    return tuple(found)


def canaries_of(part: Part | None) -> Mapping[str, Canary]:
    """The control calls by identity name; that their operations exist is checked elsewhere."""
    found = {}
    for name, entry in (part.entries() if part else {}).items():
        known_name(entry, name)
        table = entry.table(("granted", "refused"))
        calls = {key: each.text() for key, each in table.items()}
        found[name] = Canary(calls.get("granted"), calls.get("refused"))
    return found


def known_name(part: Part, name: str) -> None:
    """Raise `Invalid` for a name that no identity goes by: it would silently apply to nobody."""
    head = re.split("[:/]", name, maxsplit=1)[0]
    if head not in _HEADS:
        raise part.refused(f"{name!r} names no identity; a name begins with {', '.join(_HEADS)}")


def _choice(entry: Part, variables: Mapping[str, str]) -> IdentityChoice:
    if entry.is_text:
        return IdentityChoice(IdentityKind(entry.one_of(_ALONE)))
    keys = entry.entries()
    kind = next((kind for kind in _TABLES if kind in keys), None)
    if kind is None:
        raise entry.refused(f"an identity is {', '.join(_ALONE)}, or a table with one of {', '.join(_TABLES)}")
    table = entry.table((kind, *_TABLES[kind]))
    named = table[kind]
    match kind:
        case IdentityKind.STAND_IN:
            return IdentityChoice(kind, groups=tuple(sorted(set(named.texts()))), sends=_sends(table))
        case IdentityKind.BROKEN:
            return _spoilt(table, variables)
    secret = table.get("password" if kind is IdentityKind.PERSON else "token")
    if secret is None:
        raise entry.refused(f"{kind} {named.text()} lacks the name of the environment variable with its secret")
    denied = table["denied"].items() if "denied" in table else ()
    for field in denied:
        if not _FIELD.fullmatch(field.text()):
            raise field.refused(f"{field.text()!r} is no field such as Query.listUsers")
    return IdentityChoice(
        kind,
        name=named.text(),
        sends=_sends(table),
        secret=secret_of(secret, variables),
        secret_variable=secret.text(),
        denied=frozenset(field.text() for field in denied),
    )


def _sends(table: Mapping[str, Part]) -> tuple[str, ...]:
    return tuple(each.one_of(sorted(CREDENTIALS)) for each in table["sends"].items()) if "sends" in table else ()


def _spoilt(table: Mapping[str, Part], variables: Mapping[str, str]) -> IdentityChoice:
    """Spoilt credentials; an expired token is the one of them that has to be brought along."""
    kinds, token = _broken(table[IdentityKind.BROKEN]), table.get("token")
    if token is None:
        return IdentityChoice(IdentityKind.BROKEN, broken=kinds)
    if kinds and "expired" not in kinds:
        raise token.refused("token is for an expired one, and expired is not among the kinds")
    return IdentityChoice(
        IdentityKind.BROKEN, broken=kinds, secret=secret_of(token, variables), secret_variable=token.text()
    )


def _broken(part: Part) -> tuple[str, ...]:
    if part.is_text:
        part.one_of(("all",))
        return ()
    return tuple(each.one_of(BROKEN) for each in part.items())
