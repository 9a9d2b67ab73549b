"""Stand-ins in user pools of other forms: with the attributes that they require, or told to be impossible."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from services import audit
from services.application import open_application
from services.authorization.callers.cast import Cast, callers
from services.authorization.suite.model import IdentityChoice
from services.settings import Environment
from tests.integration.casting import IN_NO_GROUP, another_pool, stand_ins
from tests.integration.stage import ADA, Live


@dataclass(frozen=True)
class OtherPool:
    """A user pool of one's own, and the services of an administrator for it."""

    live: Live
    environment: Environment

    def cast(self, *choices: IdentityChoice) -> tuple[Cast, set[str]]:
        """Who could be had there, and the stand-ins that were made; none of them stays."""
        app, pool = open_application(self.environment), self.environment.user_pool_id
        with callers(app, self.environment.api("modes"), choices, operator=ADA) as cast:
            for caller in cast.callers:
                if caller.unavailable is None:
                    caller.identity.credentials()
            made = stand_ins(self.live, pool)
        assert stand_ins(self.live, pool) == set()
        assert all(removal.proven for removal in cast.removals), cast.removals
        return cast, made


MakesPool = Callable[..., OtherPool]


@pytest.fixture
def pool_with(live: Live, tmp_path: Path) -> Iterator[MakesPool]:
    """Makes a user pool with some settings."""
    before = audit.journal()
    yield lambda **settings: OtherPool(
        live,
        replace(
            live.app.environment,
            identity_pool_id="",
            profile="local-admin",
            data_folder=str(tmp_path),
            **another_pool(live, **settings),
        ),
    )
    audit.use(before)


def test_a_pool_whose_people_sign_in_by_address_gets_a_stand_in_with_one(pool_with: MakesPool) -> None:
    cast, made = pool_with(UsernameAttributes=["email"]).cast(IN_NO_GROUP)
    assert [caller.unavailable for caller in cast.callers] == [None, None]
    assert len(made) == 1
    (removal,) = cast.removals
    assert removal.stay.username.endswith("@stand-in.invalid")


def test_required_attributes_are_made_up_in_their_form(pool_with: MakesPool) -> None:
    required = [
        {"Name": name, "AttributeDataType": "String", "Required": True, "Mutable": True}
        for name in ("email", "birthdate", "given_name", "phone_number", "locale", "website")
    ]
    schema = [*required, {"Name": "updated_at", "AttributeDataType": "Number", "Required": True, "Mutable": True}]
    cast, made = pool_with(Schema=schema).cast(IN_NO_GROUP)
    assert [caller.unavailable for caller in cast.callers] == [None, None]
    assert len(made) == 1


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (
            {
                "MfaConfiguration": "ON",
                "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"},
            },
            "requires a second factor",
        ),
        ({"UsernameAttributes": ["phone_number"]}, "sign in by phone number"),
    ],
)
def test_a_pool_that_can_have_no_stand_in_is_told_and_asked_for_none(
    pool_with: MakesPool, settings: dict[str, object], why: str
) -> None:
    cast, made = pool_with(**settings).cast(IN_NO_GROUP)
    assert made == set()
    for caller in cast.callers:
        assert caller.unavailable
        assert why in caller.unavailable.why
