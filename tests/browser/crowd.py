"""Many operators at once, each a pool user of their own, clicking about; nobody may see another's things."""

import asyncio
import base64
import json
import random
import re
import secrets
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

from tests.browser.people import PASSWORD
from tests.browser.wire import Run, Tab, signed_in
from tests.cloud import Cloud

# What an operator clicks, with what comes first: a page, its address line, and a button on it or nothing.
CLICKS = (
    ("tokens", "", ""),
    ("users", "users_size=5", "Next"),
    ("groups", "", "Reload"),
    ("passwords", "passwords_q={name}", "Reload"),
    ("passwords", "user={name}", "Generate"),
    ("audit", "audit_find={name}", "Check the chain"),
    ("side-by-side", "", "Run"),
)
_MARK = re.compile(rb"crowd-[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TOKEN = re.compile(rb"eyJ[\w-]{10,}\.eyJ[\w-]+\.[\w-]+")


@dataclass(frozen=True)
class Member:
    """One of the crowd: a name that no other text holds, and what else is theirs alone."""

    name: str
    sub: str

    @property
    def marks(self) -> tuple[bytes, ...]:
        """What nobody else may be sent: user name (the e-mail address begins with it) and `sub`."""
        return self.name.encode(), self.sub.encode()


@dataclass
class Clicks:
    """What came of the clicks of everybody.

    Attributes:
        seconds: how long each took, by page and button.
        leaks: what somebody was sent that is another's.
    """

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    leaks: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        """How long each click took."""
        return sorted(each for found in self.seconds.values() for each in found)


def gathered(cloud: Cloud, number: int) -> list[Member]:
    """Make that many admins in the pool of the stack."""
    client, pool = cloud.client("cognito-idp"), cloud.backend["UserPoolId"]
    found = []
    for _ in range(number):
        name = f"crowd-{secrets.token_hex(6)}"
        told = [{"Name": "email", "Value": f"{name}@example.com"}, {"Name": "email_verified", "Value": "true"}]
        made = client.admin_create_user(UserPoolId=pool, Username=name, UserAttributes=told, MessageAction="SUPPRESS")
        client.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
        client.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName="admins")
        attributes = {each["Name"]: each["Value"] for each in made["User"]["Attributes"]}
        found.append(Member(name, attributes["sub"]))
    return found


def disbanded(cloud: Cloud, members: Sequence[Member]) -> None:
    """Remove them again: lists of the pool stay short for other tests."""
    for each in members:
        cloud.client("cognito-idp").admin_delete_user(UserPoolId=cloud.backend["UserPoolId"], Username=each.name)


async def doors(address: str, members: Sequence[Member]) -> list[str]:
    """Sign everybody in, a few at a time; returns their cookies."""
    few = asyncio.Semaphore(4)

    async def enter(member: Member) -> str:
        async with few:
            return await signed_in(address, member.name, PASSWORD)

    return await asyncio.gather(*map(enter, members))


async def click_about(
    address: str,
    members: Sequence[Member],
    cookies: Sequence[str],
    seconds: float,
    pause: float,
    *,
    choices: Sequence[tuple[str, str, str]] = CLICKS,
) -> Clicks:
    """Let everybody click for that long, each with a pause of about that many seconds between two clicks.

    Everybody clicks everything in an order of their own, and once at least, however slow the machine is.
    """
    clicks, end = Clicks(), time.monotonic() + seconds
    marks = {mark: each for each in members for mark in each.marks}

    async def one(member: Member, cookie: str) -> None:
        chance = random.Random(member.name)  # noqa: S311
        async with Tab(address, cookie) as tab:
            await asyncio.sleep(chance.uniform(0, pause))
            for number, (page, query, button) in enumerate(cycle(chance.sample(choices, len(choices)))):
                if number >= len(choices) and time.monotonic() >= end:
                    break
                run = await tab.open(page, query.format(name=member.name))
                note(member, page, run)
                if button:
                    await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)
                    note(member, f"{page}: {button}", await tab.press(button))
                await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)

    def note(member: Member, what: str, run: Run) -> None:
        clicks.seconds[what].append(run.seconds)
        content = run.content
        others = {marks[found] for found in _MARK.findall(content) if found in marks} - {member}
        clicks.leaks += [f"{member.name} was sent {other.name} by {what}" for other in others]
        clicks.leaks += [f"{member.name} was sent a token by {what}" for found in _TOKEN.findall(content) if _is(found)]
        if member.name.encode() not in content:
            clicks.leaks.append(f"{member.name} was not named by {what}: is it their page?")

    await asyncio.gather(*(one(*each) for each in zip(members, cookies, strict=True)))
    return clicks


def _is(found: bytes) -> bool:
    """Whether it is a token in truth: a made-up one is sent to broken identities, and says nothing."""
    body = found.split(b".")[1]
    try:
        return "sub" in json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
    except ValueError:
        return False
