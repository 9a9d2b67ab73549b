"""The values that an environment is made of, as data: their names in each source, and their shape."""

import re
from dataclasses import dataclass
from enum import StrEnum

GUEST_STACK = "GuestUserBackendStack"
MODES_STACK = "AuthModesStack"


class SignInFlow(StrEnum):
    """How the dashboard proves to Cognito who signs in."""

    SRP = "srp"
    """By SRP: the password never leaves this process."""
    PASSWORD = "password"  # noqa: S105 - a flow's name
    """The password goes to Cognito as it is, over TLS."""
    ADMIN = "admin"
    """The same, under the dashboard's own credential."""
    CUSTOM = "custom"
    """No password: the pool's triggers ask their own questions."""
    CUSTOM_SRP = "custom-srp"
    """The password by SRP, then the questions of the pool's triggers."""


class Authority(StrEnum):
    """Whose AWS credentials the calls of the pages to the directory carry."""

    OPERATOR = "operator"
    """Those of the operator's own group role, from the identity pool."""
    SERVER = "server"
    """The dashboard's own."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a well-formed value looks like: as a pattern, and in words that follow "is not"."""

    pattern: str
    words: str

    def fits(self, text: str) -> bool:
        """Whether the whole text has this shape."""
        return re.fullmatch(self.pattern, text) is not None


REGION = Shape(r"[a-z]{2}(-[a-z]+)+-\d", "an AWS Region such as eu-west-1")
POOL_ID = Shape(r"[a-z]{2}(-[a-z]+)+-\d_[0-9A-Za-z]+", "a user pool id such as eu-west-1_Ab12Cd34E")
CLIENT_ID = Shape(r"[\w+]{1,128}", "an app client id (letters and digits)")
IDENTITY_POOL_ID = Shape(r"[\w-]+:[0-9a-f-]{36}", "an identity pool id such as eu-west-1:1a2b3c4d-…")
URL = Shape(r"https?://[^\s/]+(/\S*)?", "an http(s) address")
API_ID = Shape(r"[A-Za-z0-9]+", "an AppSync API id (letters and digits)")
ORIGIN = Shape(r"https?://[^\s/]+/?", "an address without a path, such as https://gatehouse.example.com")
ONE_WORD = Shape(r"\S+", "a text without spaces")
TEXT = Shape(r"[^\x00-\x1f]+", "a plain text on one line")
FLOW = Shape("|".join(SignInFlow), "one of " + ", ".join(SignInFlow))
AUTHORITY = Shape("|".join(Authority), "one of " + ", ".join(Authority))
COLOURS = ("blue", "green", "yellow", "orange", "red", "violet", "gray")
COLOUR = Shape("|".join(COLOURS), "one of " + ", ".join(COLOURS))
MINUTES = Shape(r"[1-9]\d{0,3}", "a whole number of minutes, 1 or more")
TABLE = Shape(r"[\w.-]{3,255}", "a DynamoDB table's name")
SEALING_KEYS = Shape(
    r"[\w-]{43}=(,[\w-]{43}=)*",
    "a key of 32 random bytes in URL-safe Base64 (several with commas between them, the newest first)",
)
FLAG = Shape(r"(?i)true|false|yes|no|1|0", "true or false")


@dataclass(frozen=True, slots=True)
class Value:
    """One setting.

    Attributes:
        key: its name in `[gatehouse]` of secrets.toml.
        meaning: what it is, in words.
        shape: what a well-formed value looks like.
        outputs: (stack, output) pairs that carry it in a CDK outputs file.
        required: without it there is no environment.
        secret: its value is never shown.
        common: one for all environments of an installation.
        inherited: an environment that doesn't say it has it from `[gatehouse]`.
        default: used when it is nowhere.
        variable: its environment variable, `GATEHOUSE_` and the key unless AWS has a name for it.
    """

    key: str
    meaning: str
    shape: Shape
    outputs: tuple[tuple[str, str], ...] = ()
    required: bool = False
    secret: bool = False
    common: bool = False
    inherited: bool = True
    default: str = ""
    variable: str = ""

    def __post_init__(self) -> None:
        if not self.variable:
            object.__setattr__(self, "variable", f"GATEHOUSE_{self.key.upper()}")

    def how_to_set(self, own_place: str = "") -> str:
        """One sentence that says where the value can be written, `own_place` being that of one environment's own."""
        if own_place:
            return f"Set {self.key} in {own_place}"
        where = f"Set {self.variable}, or {self.key} in [gatehouse] of .streamlit/secrets.toml"
        for stack, output in self.outputs:
            where += f", or deploy {stack}, whose output {output} carries it"
        return where


VALUES: tuple[Value, ...] = (
    Value("user_pool_id", "the user pool's id", POOL_ID, ((GUEST_STACK, "UserPoolId"),), required=True),
    Value("client_id", "the app client's id", CLIENT_ID, ((GUEST_STACK, "UserPoolClientId"),), required=True),
    Value("client_secret", "the app client's secret, if it has one", ONE_WORD, secret=True),
    Value("sign_in_flow", "how people prove who they are: srp, password, admin, custom or custom-srp", FLOW,
          default=SignInFlow.SRP),
    Value("managed_login_domain", "the user pool's managed login, to sign in on its own pages as well", ORIGIN),
    Value("self_sign_up", "whether the sign-in page offers to sign up, where the pool allows it", FLAG,
          default="true"),
    Value("region", "the AWS Region", REGION, ((GUEST_STACK, "Region"),)),
    Value("identity_pool_id", "the identity pool's id", IDENTITY_POOL_ID, ((GUEST_STACK, "IdentityPoolId"),)),
    Value("users_api_url", "the users API's GraphQL address", URL, ((GUEST_STACK, "GraphQLApiUrl"),),
          required=True),
    Value("users_api_id", "the users API's id", API_ID, ((GUEST_STACK, "GraphQLApiId"),)),
    Value("users_api_key", "an API key of the users API, if it has any", ONE_WORD, secret=True),
    Value("modes_api_url", "the all-modes API's GraphQL address", URL, ((MODES_STACK, "GraphQLApiUrl"),)),
    Value("modes_api_id", "the all-modes API's id", API_ID, ((MODES_STACK, "GraphQLApiId"),)),
    Value("modes_api_key", "an API key of the all-modes API", ONE_WORD, ((MODES_STACK, "ApiKey"),), secret=True),
    Value("rest_api_url", "the REST API's address, with its stage", URL, ((GUEST_STACK, "RestApiUrl"),)),
    Value("admin_group", "the group whose members may act", TEXT, ((GUEST_STACK, "AdminGroupName"),),
          default="admins"),
    Value("viewer_group", "the group whose members may look at everything and change nothing", TEXT,
          default="viewers"),
    Value("admin_calls", "whose AWS credentials calls to the directory carry: the operator's own (operator) or"
          " the dashboard's (server); the operator's where an identity pool is configured", AUTHORITY),
    Value("name", "what the screen calls this environment", TEXT, inherited=False, default="default"),
    Value("colour", "the colour of its badge on every page", COLOUR),
    Value("production", "whether this is a production environment", FLAG, default="false"),
    Value("read_only", "whether nothing may be changed in this environment", FLAG, default="false"),
    Value("data_folder", "the folder for the record of acts and the runs of the lab", TEXT,
          common=True, default=".gatehouse"),
    Value("suites_folder", "the folder of the authorization lab's suites and baselines", TEXT, default="suites"),
    Value("public_origin", "where browsers reach the dashboard, when it stands behind a proxy", ORIGIN,
          common=True),
    Value("idle_minutes", "after how many minutes without use a session ends", MINUTES, default="60"),
    Value("sessions_table", "the DynamoDB table that holds the sessions of several dashboards", TABLE),
    Value("sessions_key", "the key that seals the sessions in that table", SEALING_KEYS, secret=True),
    Value("record_table", "the DynamoDB table that holds the record of acts of several dashboards", TABLE,
          common=True),
    Value("profile", "the AWS profile that the dashboard's own credential comes from", TEXT, variable="AWS_PROFILE"),
    Value("endpoint_url", "another address for AWS, such as a local cloud's", URL, variable="AWS_ENDPOINT_URL"),
)  # fmt: skip
