"""What happens between an empty account and a ready cloud."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from local_cloud import administrator, demo_people, population, stacks
from local_cloud.addresses import here
from local_cloud.aws import AccessKey, Clients
from local_cloud.environment import REGION
from local_cloud.folder import CREDENTIALS, DEMO, OUTPUTS, Folder
from local_cloud.options import Options
from local_cloud.started import Demo, Started

OPERATOR = "gatehouse"
OPERATOR_POLICIES = (
    (stacks.BACKEND, "OperatorPolicyArn"),
    (stacks.BACKEND, "SharedTablesPolicyArn"),
    (stacks.AUTH_MODES, "LabPolicyArn"),
)
"""The outputs that name what the dashboard's own credential may do."""
TOKEN_PARAMETER = "LambdaAuthorizerToken"  # noqa: S105 - the parameter's name


def start(endpoint: str, key: AccessKey, wanted: Options) -> Started:
    """Deploy both stacks and make the people; returns what was made.

    Raises DeploymentFailed, RowsRefused or what botocore raises.
    """
    clients = Clients(endpoint, key)
    token = secrets.token_urlsafe(24)
    templates = stacks.templates(wanted.templates)
    backend = stacks.deploy(clients, stacks.BACKEND, templates.pop(stacks.BACKEND), {TOKEN_PARAMETER: token})
    _rest(clients.of("events"))
    outputs = {stacks.BACKEND: backend}
    for name, template in templates.items():
        outputs[name] = stacks.deploy(clients, name, template, {**backend, TOKEN_PARAMETER: token})
    demo = _people(clients.of("cognito-idp"), outputs, wanted.users)
    demo["lambdaAuthorizerToken"] = token
    population.fill_table(backend["UserTableName"], wanted.users, endpoint)
    policies = [outputs[stack][name] for stack, name in OPERATOR_POLICIES if name in outputs.get(stack, {})]
    operator = _operator(clients, policies)
    return Started(outputs, demo, {administrator.NAME: key, OPERATOR: operator})


def publish(endpoint: str, started: Started, folder: Folder) -> None:
    """Write what others need to use the cloud into the folder; raises FolderUnusable."""
    outputs = {name: _reachable(values, endpoint) for name, values in started.outputs.items()}
    folder.write_json(OUTPUTS, outputs)
    folder.write_json(DEMO, started.demo)
    folder.write(CREDENTIALS, _profiles(endpoint, started.keys))


def _rest(events: Any) -> None:
    """Switch the seeding schedule off: here the table is filled on demand, and nothing is fetched from outside."""
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])


def _reachable(outputs: Mapping[str, str], endpoint: str) -> dict[str, str]:
    return {key: here(value, endpoint) for key, value in outputs.items()}


def _people(cognito: Any, outputs: Mapping[str, Mapping[str, str]], users: int) -> dict[str, Any]:
    backend = outputs[stacks.BACKEND]
    pool_id = backend["UserPoolId"]
    demo: dict[str, Any] = {"people": demo_people.make(cognito, pool_id, demo_people.ROLES)}
    if oidc_pool := outputs.get(stacks.AUTH_MODES, {}).get("OidcUserPoolId"):
        demo["oidcPeople"] = demo_people.make(cognito, oidc_pool, demo_people.OIDC_PEOPLE)
    population.fill_pool(cognito, pool_id, backend["UserPoolClientId"], users)
    return demo


def _operator(clients: Clients, policies: Iterable[str]) -> AccessKey:
    """Make the user that the dashboard signs as, with the stacks' policies and nothing else."""
    iam = clients.of("iam")
    iam.create_user(UserName=OPERATOR)
    for policy in policies:
        iam.attach_user_policy(UserName=OPERATOR, PolicyArn=policy)
    made = iam.create_access_key(UserName=OPERATOR)["AccessKey"]
    return AccessKey(made["AccessKeyId"], made["SecretAccessKey"])


def _profiles(endpoint: str, keys: Mapping[str, AccessKey]) -> str:
    return "\n".join(
        f"[{name}]\n"
        f"aws_access_key_id = {key.key_id}\n"
        f"aws_secret_access_key = {key.secret}\n"
        f"region = {REGION}\n"
        f"endpoint_url = {endpoint}\n"
        for name, key in keys.items()
    )


def for_people(endpoint: str, demo: Demo, folder: Folder) -> str:
    """Return what a person at the terminal wants to know, demo passwords included."""
    known = [*demo["people"].items(), *demo.get("oidcPeople", {}).items()]
    lines = [f"The local cloud serves {endpoint} (Ctrl-C stops it). Demo people:"]
    for name, facts in known:
        groups = ", ".join(facts["groups"]) or "no group"
        lines.append(f"  {name:<6} {facts['password']}  {groups}")
    lines.append(f"For the AWS CLI: AWS_SHARED_CREDENTIALS_FILE={folder.of(CREDENTIALS)} AWS_PROFILE=local-admin")
    return "\n".join(lines) + "\n"
