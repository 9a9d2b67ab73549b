"""The first user of the account, who makes everything else.

Nobody can sign for a user that doesn't exist yet, so IAM is asked directly, without the door.
"""

from urllib.parse import urlencode
from xml.etree.ElementTree import Element, fromstring

from ministack.services import iam

from local_cloud.aws import AccessKey
from local_cloud.held import require

NAME = "local-admin"
POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"
NAMESPACE = {"iam": "https://iam.amazonaws.com/doc/2010-05-08/"}


async def make_administrator() -> AccessKey:
    """Make the user who may do everything (CreateUser, AttachUserPolicy, CreateAccessKey)."""
    require(iam, "handle_request")
    await _ask("CreateUser", UserName=NAME)
    await _ask("AttachUserPolicy", UserName=NAME, PolicyArn=POLICY)
    answer = await _ask("CreateAccessKey", UserName=NAME)
    return AccessKey(_text(answer, "AccessKeyId"), _text(answer, "SecretAccessKey"))


async def _ask(action: str, **parameters: str) -> Element:
    form = urlencode({"Action": action, "Version": "2010-05-08", **parameters}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    status, _, body = await iam.handle_request("POST", "/", headers, form, {})
    if status != 200:
        raise RuntimeError(f"MiniStack refused {action}.")
    return fromstring(body)  # noqa: S314 - MiniStack wrote it, in this process


def _text(answer: Element, name: str) -> str:
    found = answer.find(f".//iam:{name}", NAMESPACE)
    if found is None or not found.text:
        raise RuntimeError(f"MiniStack answered without {name}.")
    return found.text
