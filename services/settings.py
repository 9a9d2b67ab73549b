"""The environment that the dashboard works on: read once at start, checked value by value.

This module alone reads the process environment. Each value is looked for in this order:

1. an environment variable, e.g. `GATEHOUSE_USER_POOL_ID`;
2. the `[gatehouse]` section of `.streamlit/secrets.toml`, e.g. `user_pool_id`;
3. the CDK outputs file: the one that `GATEHOUSE_OUTPUTS_FILE` or `outputs_file` names, else
   `cdk-outputs.json` in the working folder when it is there.

Several environments have sections of their own, which go before these; see services/settings_environments.py.

With nothing configured at all, a local cloud that runs from `.local_cloud` is used. A folder that
`GATEHOUSE_LOCAL_CLOUD` names goes before everything else: who names one wants no other cloud.
"""

import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from services.errors import SettingsError
from services.permissions import Place
from services.secret import Secret
from services.settings_environments import CHOICE, UnknownEnvironment
from services.settings_sources import OUTPUTS_FILE, SECRETS_FILE, Sources, read_outputs, read_sources
from services.settings_values import VALUES, Authority, SignInFlow, Value

LOCAL_CLOUD_FOLDER = Path(".local_cloud")


@dataclass(frozen=True, slots=True)
class Api:
    """One AppSync API of an environment.

    Attributes:
        name: `users` for the blog's API, `modes` for the all-modes API.
        label: what the screen calls it.
        url: the GraphQL endpoint.
        region: the Region that a signature names.
        api_id: the API's id, empty when it isn't configured.
        api_key: a key of this API, when it has any.
    """

    name: str
    label: str
    url: str
    region: str
    api_id: str = ""
    api_key: Secret | None = None


@dataclass(frozen=True, slots=True)
class Environment:
    """One user pool, app client, identity pool, and the APIs that trust them.

    `key` is what addresses and cookies call it; empty for the one environment of an installation without names.
    """

    name: str
    region: str
    user_pool_id: str
    client_id: str
    apis: tuple[Api, ...]
    client_secret: Secret | None = None
    sign_in_flow: SignInFlow = SignInFlow.SRP
    managed_login_domain: str = ""
    self_sign_up: bool = True
    identity_pool_id: str = ""
    admin_group: str = "admins"
    viewer_group: str = "viewers"
    admin_calls: Authority = Authority.SERVER
    production: bool = False
    endpoint_url: str = ""
    profile: str = ""
    credentials_file: str = ""
    source: str = ""
    public_origin: str = ""
    rest_api_url: str = ""
    read_only: bool = False
    data_folder: str = ".gatehouse"
    suites_folder: str = "suites"
    idle_minutes: int = 60
    sessions_table: str = ""
    sessions_keys: tuple[Secret, ...] = ()
    record_table: str = ""
    key: str = ""
    colour: str = ""

    @property
    def place(self) -> Place:
        """What decides, besides a person's role, what may be done here."""
        return Place(self.name, self.production, self.read_only)

    @property
    def issuer(self) -> str:
        """The `iss` that a token of this pool carries: AWS's own address, on every cloud."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.user_pool_id}"

    @property
    def jwks_url(self) -> str:
        """Where the pool publishes its signing keys."""
        base = self.endpoint_url.rstrip("/") or f"https://cognito-idp.{self.region}.amazonaws.com"
        return f"{base}/{self.user_pool_id}/.well-known/jwks.json"

    def api(self, name: str) -> Api:
        """The API of that name; raises `SettingsError` when the environment has none."""
        for api in self.apis:
            if api.name == name:
                return api
        raise SettingsError(f"The environment {self.name} has no API named {name}")


def variables() -> Mapping[str, str]:
    """The process environment, for what else may be in it alone: a suite's passwords and tokens."""
    return os.environ


def load(
    variables: Mapping[str, str] | None = None,
    folder: Path | None = None,
    answers: Callable[[str], bool] | None = None,
    key: str = "",
) -> Environment:
    """The environment that is configured, else the local cloud that runs.

    Args:
        variables: the process environment; `os.environ` by default.
        folder: where the relative paths above start; the working folder by default.
        answers: tells whether an endpoint takes connections; a TCP connect by default.
        key: which of several environments; by default the one that GATEHOUSE_ENVIRONMENT names.

    Raises:
        UnknownEnvironment: there is none of that name, or nobody said which.
        SettingsError: names the value, where it was looked for and how to set it.
    """
    variables = os.environ if variables is None else variables
    folder = folder or Path.cwd()
    answers = answers or _takes_connections
    if named := variables.get("GATEHOUSE_LOCAL_CLOUD", "").strip():
        if key:
            raise UnknownEnvironment(
                f"There is no environment named {key}", "GATEHOUSE_LOCAL_CLOUD names one without a name", "Leave it out"
            )
        why = f"GATEHOUSE_LOCAL_CLOUD names the folder {named}, and no local cloud runs from it"
        return _local(folder / named, variables, answers, why)
    sources = read_sources(variables, folder).of(key, folder)
    if sources.own:
        return _named(sources, sources.own.key)
    # Half a configuration is an error to be told, not a reason to turn to the local cloud.
    if any(sources.find(value)[0] for value in VALUES if (value.required or value.outputs) and not value.default):
        return _environment(sources, source="configured")
    why = (
        "No setting was found in environment variables (GATEHOUSE_…), in [gatehouse] of"
        f" {SECRETS_FILE}, or in {OUTPUTS_FILE}; and no local cloud runs from {LOCAL_CLOUD_FOLDER}"
    )
    return _local(folder / LOCAL_CLOUD_FOLDER, variables, answers, why)


def keys(variables: Mapping[str, str] | None = None, folder: Path | None = None) -> tuple[str, ...]:
    """What the environments are called, the one to begin with first; empty for one without a name.

    Raises:
        SettingsError: the places where they are written can't be read.
    """
    variables = os.environ if variables is None else variables
    if variables.get("GATEHOUSE_LOCAL_CLOUD", "").strip():
        return ()
    found = [section.key for section in read_sources(variables, folder or Path.cwd()).sections]
    first = variables.get(CHOICE, "").strip()
    return tuple(sorted(found, key=lambda name: name != first))


def common(key: str, variables: Mapping[str, str] | None = None, folder: Path | None = None) -> str:
    """What all environments share, `data_folder` or `public_origin`, even where one of them is malformed.

    Raises:
        SettingsError: the value is malformed, or nothing is configured.
    """
    variables = os.environ if variables is None else variables
    if not keys(variables, folder):
        return str(getattr(load(variables, folder), key))
    value = next(value for value in VALUES if value.key == key and value.common)
    return _checked(read_sources(variables, folder or Path.cwd()), value)


def _named(sources: Sources, key: str) -> Environment:
    try:
        return replace(_environment(sources, source="configured"), key=key)
    except SettingsError as error:
        raise SettingsError(f"{error.failed}, in the environment {key}", error.why, error.next_step) from None


def _environment(sources: Sources, source: str) -> Environment:
    found = {value.key: _checked(sources, value) for value in VALUES}
    region = found["region"] or found["user_pool_id"].split("_")[0]
    for key in (
        "users_api_url",
        "modes_api_url",
        "rest_api_url",
        "endpoint_url",
        "public_origin",
        "managed_login_domain",
    ):
        _refuse_plain_http(key, found[key])
    return Environment(
        name=found["name"],
        colour=found["colour"],
        profile=found["profile"],
        region=region,
        user_pool_id=found["user_pool_id"],
        client_id=found["client_id"],
        client_secret=_secret(found["client_secret"]),
        sign_in_flow=SignInFlow(found["sign_in_flow"]),
        managed_login_domain=found["managed_login_domain"],
        self_sign_up=_flag(found["self_sign_up"]),
        identity_pool_id=found["identity_pool_id"],
        apis=tuple(_apis(found, region)),
        admin_group=found["admin_group"],
        viewer_group=found["viewer_group"],
        admin_calls=_authority(found["admin_calls"], found["identity_pool_id"]),
        production=_flag(found["production"]),
        read_only=_flag(found["read_only"]),
        data_folder=found["data_folder"],
        suites_folder=found["suites_folder"],
        idle_minutes=int(found["idle_minutes"]),
        sessions_table=found["sessions_table"],
        sessions_keys=_sealing_keys(found["sessions_table"], found["sessions_key"]),
        record_table=found["record_table"],
        endpoint_url=found["endpoint_url"],
        source=source,
        public_origin=found["public_origin"],
        rest_api_url=found["rest_api_url"],
    )


def _checked(sources: Sources, value: Value) -> str:
    text, place = sources.find(value)
    text = text or value.default
    if not text and value.required:
        raise SettingsError(
            f"The setting {value.key} ({value.meaning}) is missing",
            f"It was looked for in {sources.looked(value)}",
            sources.how_to_set(value),
        )
    if text and not value.shape.fits(text):
        shown = "its value" if value.secret else repr(text)
        raise SettingsError(
            f"The setting {value.key} ({value.meaning}) is malformed",
            f"{shown}, from {place}, is not {value.shape.words}",
            sources.how_to_set(value),
        )
    return text


def _apis(found: Mapping[str, str], region: str) -> list[Api]:
    apis = []
    for name, label in (("users", "Users API"), ("modes", "All-modes API")):
        if url := found[f"{name}_api_url"]:
            key = _secret(found[f"{name}_api_key"])
            apis.append(Api(name, label, url, region, found[f"{name}_api_id"], key))
    return apis


def _local(folder: Path, variables: Mapping[str, str], answers: Callable[[str], bool], why: str) -> Environment:
    """The local cloud's environment when one runs from this folder; else an error with this reason."""
    ready = folder / "ready.json"
    nothing = SettingsError(
        "Gatehouse is not configured",
        why,
        "Name the outputs file of `cdk deploy` in GATEHOUSE_OUTPUTS_FILE, or start `make local-cloud`",
    )
    try:
        endpoint = str(json.loads(ready.read_text(encoding="utf-8"))["endpoint"])
    except (OSError, ValueError, KeyError, TypeError):
        raise nothing from None
    if not answers(endpoint):
        raise nothing
    outputs = folder / "outputs.json"
    here = {"GATEHOUSE_NAME": "local cloud", "GATEHOUSE_DATA_FOLDER": str((folder / "dashboard").resolve())}
    own = {**here, **variables, "AWS_ENDPOINT_URL": endpoint}
    environment = _environment(Sources(own, {}, read_outputs(outputs), str(outputs)), source="local cloud")
    return replace(environment, profile="gatehouse", credentials_file=str((folder / "credentials").resolve()))


def _authority(text: str, identity_pool_id: str) -> Authority:
    """Whose credentials admin calls carry; the operator's own where there is something to get them from."""
    if text == Authority.OPERATOR and not identity_pool_id:
        raise SettingsError(
            "The setting admin_calls can't be operator",
            "An operator's own credentials come from an identity pool, and none is configured",
            "Set GATEHOUSE_IDENTITY_POOL_ID, or set GATEHOUSE_ADMIN_CALLS to server",
        )
    return Authority(text) if text else Authority.OPERATOR if identity_pool_id else Authority.SERVER


def _refuse_plain_http(key: str, url: str) -> None:
    """Tokens and cookies go to these addresses: over plain HTTP only to this machine."""
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise SettingsError(
            f"The setting {key} is not safe",
            f"{url!r} would send tokens or cookies unencrypted",
            "Use the https:// address; plain http:// is accepted for 127.0.0.1 only",
        )


def _takes_connections(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=1):
            return True
    except OSError:
        return False


def _sealing_keys(table: str, keys: str) -> tuple[Secret, ...]:
    """The keys of a table of sessions, the newest first; a table without any, or the other way round, is an error."""
    if bool(table) != bool(keys):
        there, missing = ("sessions_table", "sessions_key") if table else ("sessions_key", "sessions_table")
        raise SettingsError(
            f"The setting {missing} is missing",
            f"{there} is set, and one is of no use without the other",
            f"Set {missing} as well, the same at every dashboard, or leave both out",
        )
    return tuple(Secret(key) for key in keys.split(",") if key)


def _flag(text: str) -> bool:
    return text.lower() in {"true", "yes", "1"}


def _secret(text: str) -> Secret | None:
    return Secret(text) if text else None
