"""Every way in that a pool may ask for, against pools of the test's own."""

from pathlib import Path

import pytest

from services.application import Application, open_application
from services.errors import SignInError
from services.secret import Secret
from services.settings import load
from services.sign_in_challenges import (
    Challenge,
    CodeRequired,
    ConfirmationRequired,
    Enrolment,
    Factor,
    FactorChoice,
    NewPasswordRequired,
    Question,
    ResetRequired,
)
from services.sign_in_refusals import StillOpen
from services.sign_up import SignUpForm
from services.tokens import Tokens
from tests.authenticator import unused, wrong
from tests.cloud import Cloud
from tests.contract.codes import another
from tests.ways_in import PASSWORD, OwnPool, asking_pool, own_pool, strict_pool

OTHER = Secret("Another-horse-8")
HER = {"given_name": "Mara", "birthdate": "1990-01-31"}
MAIL = {"email": "mara@example.com", "email_verified": "true"}
PHONE = {"phone_number": "+491701234567", "phone_number_verified": "true"}


@pytest.fixture(scope="module")
def strict(local_cloud: Cloud) -> OwnPool:
    return strict_pool(local_cloud)


@pytest.fixture(scope="module")
def asking(local_cloud: Cloud) -> OwnPool:
    return asking_pool(local_cloud)


@pytest.fixture(scope="module")
def open_pool(local_cloud: Cloud) -> OwnPool:
    """A pool that lets strangers sign up, and a client with a secret."""
    schema = [{"Name": "email", "Required": True, "Mutable": True}]
    return own_pool(local_cloud, {"GenerateSecret": True}, Schema=schema, AutoVerifiedAttributes=["email"])


def opened(pool: OwnPool, folder: Path, flow: str = "srp") -> Application:
    """The services on a pool; under the credential that may do everything."""
    variables = pool.settings(flow) | {"GATEHOUSE_DATA_FOLDER": str(folder)}
    return open_application(load(variables))


def started(app: Application, name: str, password: str = PASSWORD) -> Challenge | Tokens:
    return app.sign_in.start(name, Secret(password))


@pytest.mark.parametrize("flow", ["srp", "password"])
def test_a_client_with_a_secret_signs_in_and_its_code_comes_by_mail(strict: OwnPool, tmp_path: Path, flow: str) -> None:
    app, name = opened(strict, tmp_path, flow), strict.add("EmailMfaSettings", **HER, **MAIL)
    challenge = started(app, name)
    assert isinstance(challenge, CodeRequired)
    assert (challenge.factor, challenge.destination) == (Factor.EMAIL, "m****@e****")

    sent = strict.code(name)
    with pytest.raises(StillOpen) as refused:
        app.sign_in.give_code(challenge, another(sent))
    assert "newest message" in refused.value.next_step
    tokens = app.sign_in.give_code(challenge, sent)

    assert isinstance(tokens, Tokens)
    assert app.sessions.open(tokens).operator.username == name
    assert isinstance(app.sessions._renewal.renew(tokens), Tokens)


def test_a_text_message_brings_a_code(strict: OwnPool, tmp_path: Path) -> None:
    app, name = opened(strict, tmp_path), strict.add("SMSMfaSettings", **HER, **PHONE)

    challenge = started(app, name)
    assert isinstance(challenge, CodeRequired)
    assert challenge.factor is Factor.SMS
    assert challenge.destination.endswith("4567")
    assert isinstance(app.sign_in.give_code(challenge, strict.code(name)), Tokens)


def test_who_has_several_factors_chooses_one(strict: OwnPool, tmp_path: Path) -> None:
    app, name = opened(strict, tmp_path), strict.add("SMSMfaSettings", "EmailMfaSettings", **HER, **MAIL, **PHONE)

    choice = started(app, name)
    assert isinstance(choice, FactorChoice)
    assert set(choice.factors) == {Factor.SMS, Factor.EMAIL}
    challenge = app.sign_in.choose_factor(choice, Factor.EMAIL)
    assert isinstance(challenge, CodeRequired)
    assert challenge.factor is Factor.EMAIL
    assert isinstance(app.sign_in.give_code(challenge, strict.code(name)), Tokens)


def test_an_invited_person_chooses_a_password_tells_what_is_missing_and_enrols_an_app(
    strict: OwnPool, tmp_path: Path
) -> None:
    app, name = opened(strict, tmp_path), strict.add(permanent=False, given_name="Mara")

    invited = started(app, name)
    assert isinstance(invited, NewPasswordRequired)
    assert invited.missing == ("birthdate",)
    enrolment = app.sign_in.choose_password(invited, OTHER, {"birthdate": "1990-01-31"})
    assert isinstance(enrolment, Enrolment)
    with pytest.raises(StillOpen) as refused:
        app.sign_in.enrol(enrolment, wrong(enrolment.key.reveal()))
    assert "shows now" in refused.value.next_step
    assert isinstance(app.sign_in.enrol(enrolment, unused(enrolment.key.reveal())), Tokens)

    asked = started(app, name, OTHER.reveal())
    assert isinstance(asked, CodeRequired)
    assert asked.factor is Factor.TOTP


def test_a_used_code_of_an_app_is_told_apart_from_a_wrong_one_and_the_next_one_counts(
    strict: OwnPool, tmp_path: Path
) -> None:
    app, name = opened(strict, tmp_path), strict.add(**HER)
    enrolment = started(app, name)
    assert isinstance(enrolment, Enrolment)
    key = enrolment.key.reveal()
    code = unused(key)
    app.sign_in.enrol(enrolment, code)
    challenge = started(app, name)
    assert isinstance(challenge, CodeRequired)

    with pytest.raises(StillOpen) as used:
        app.sign_in.give_code(challenge, code)
    assert (used.value.code, "was used before" in used.value.why) == ("ExpiredCodeException", True)
    assert "Wait for the next code" in used.value.next_step
    with pytest.raises(StillOpen) as refused:
        app.sign_in.give_code(challenge, wrong(key))
    assert refused.value.code == "CodeMismatchException"
    assert isinstance(app.sign_in.give_code(challenge, unused(key)), Tokens)


def test_the_pool_s_own_question_is_answered_and_a_wrong_answer_may_be_corrected(
    asking: OwnPool, tmp_path: Path
) -> None:
    app, name = opened(asking, tmp_path, "custom"), asking.add(**MAIL)

    question = started(app, name)
    assert isinstance(question, Question)
    assert question.told == (("question", "What is **your name** backwards?"),)
    again = app.sign_in.answer(question, "wrong")
    assert isinstance(again, Question)
    assert isinstance(app.sign_in.answer(again, name[::-1]), Tokens)


def test_the_pool_s_own_question_may_follow_the_password(asking: OwnPool, tmp_path: Path) -> None:
    app, name = opened(asking, tmp_path, "custom-srp"), asking.add(**MAIL)

    question = started(app, name)
    assert isinstance(question, Question)
    assert isinstance(app.sign_in.answer(question, name[::-1]), Tokens)


def test_a_question_that_was_not_answered_is_told_without_a_word_of_passwords(asking: OwnPool, tmp_path: Path) -> None:
    app = opened(asking, tmp_path, "custom")
    first = started(app, asking.add(**MAIL))
    assert isinstance(first, Question)
    second = app.sign_in.answer(first, "wrong")
    assert isinstance(second, Question)

    with pytest.raises(SignInError) as refused:
        app.sign_in.answer(second, "wrong")

    assert refused.value.why == "The user pool did not accept it"


def test_a_custom_sign_in_by_srp_refuses_a_wrong_password(asking: OwnPool, tmp_path: Path) -> None:
    app = opened(asking, tmp_path, "custom-srp")

    with pytest.raises(SignInError) as refused:
        started(app, asking.add(**MAIL), "Wrong-horse-9")

    assert refused.value.why == "The user name or the password is wrong"


@pytest.fixture
def by_administrator(open_pool: OwnPool, tmp_path: Path) -> Application:
    """The services in the flow that takes the dashboard's own credential."""
    variables = open_pool.settings("admin") | {
        "AWS_ENDPOINT_URL": open_pool.cloud.endpoint,
        "GATEHOUSE_USERS_API_URL": open_pool.cloud.backend["GraphQLApiUrl"],
        "GATEHOUSE_DATA_FOLDER": str(tmp_path),
    }
    del variables["GATEHOUSE_LOCAL_CLOUD"]
    with pytest.MonkeyPatch.context() as process:
        process.setenv("AWS_SHARED_CREDENTIALS_FILE", str(open_pool.cloud.credentials))
        process.setenv("AWS_PROFILE", "local-admin")
        return open_application(load(variables))


@pytest.mark.parametrize("known", [True, False])
def test_the_administrator_s_flow_refuses_unknown_users_and_wrong_passwords_alike(
    by_administrator: Application, open_pool: OwnPool, known: bool
) -> None:
    name = open_pool.add(**MAIL) if known else "nobody-of-that-name"

    with pytest.raises(SignInError) as refused:
        started(by_administrator, name, "Wrong-horse-9")

    assert refused.value.why == "The user name or the password is wrong"


def test_the_administrator_s_flow_answers_challenges_too(by_administrator: Application, open_pool: OwnPool) -> None:
    name = open_pool.add(permanent=False, **MAIL)

    invited = started(by_administrator, name)
    assert isinstance(invited, NewPasswordRequired)
    assert isinstance(by_administrator.sign_in.choose_password(invited, OTHER), Tokens)


def test_a_flow_that_the_app_client_does_not_allow_is_named(local_cloud: Cloud, tmp_path: Path) -> None:
    pool = own_pool(local_cloud)
    pool.admin.update_user_pool_client(
        UserPoolId=pool.pool_id, ClientId=pool.client_id, ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"]
    )
    name = pool.add(**MAIL)

    for flow in ("srp", "password"):
        with pytest.raises(SignInError) as refused:
            started(opened(pool, tmp_path / flow, flow), name)
        assert "sign_in_flow" in refused.value.next_step


def test_a_wrong_client_secret_is_named(open_pool: OwnPool, tmp_path: Path) -> None:
    variables = open_pool.settings("srp") | {
        "GATEHOUSE_CLIENT_SECRET": "x" * 40,
        "GATEHOUSE_DATA_FOLDER": str(tmp_path),
    }
    app = open_application(load(variables))

    for step in (
        lambda: started(app, open_pool.add(**MAIL)),
        lambda: app.recovery.send_code("mara"),
        lambda: app.sign_up.create("mara", OTHER, MAIL),
    ):
        with pytest.raises(SignInError) as refused:
            step()
        assert "client_secret" in refused.value.next_step


def test_a_forgotten_password_is_replaced_by_the_code_that_was_sent(open_pool: OwnPool, tmp_path: Path) -> None:
    app, name = opened(open_pool, tmp_path), open_pool.add(**MAIL)

    asked = app.recovery.send_code(name)
    sent = open_pool.code(name)
    with pytest.raises(StillOpen):
        app.recovery.set_password(asked, another(sent), OTHER)
    with pytest.raises(StillOpen) as weak:
        app.recovery.set_password(asked, sent, Secret("weak"))
    assert weak.value.next_step == "Choose a password that meets the policy"
    app.recovery.set_password(asked, sent, OTHER)

    assert isinstance(started(app, name, OTHER.reveal()), Tokens)


@pytest.mark.parametrize("setting", ["ENABLED", "LEGACY"])
def test_nobody_learns_from_a_forgotten_password_who_has_an_account(
    local_cloud: Cloud, tmp_path: Path, setting: str
) -> None:
    pool = own_pool(local_cloud)
    pool.admin.update_user_pool_client(
        UserPoolId=pool.pool_id, ClientId=pool.client_id, PreventUserExistenceErrors=setting
    )
    app, disabled = opened(pool, tmp_path), pool.add(**MAIL)
    pool.admin.admin_disable_user(UserPoolId=pool.pool_id, Username=disabled)
    people = [pool.add(**MAIL), "nobody-of-that-name", pool.add(), pool.add(permanent=False, **MAIL), disabled]

    told = set()
    for name in people:
        asked = app.recovery.send_code(name)
        assert asked == ResetRequired(name)
        with pytest.raises(StillOpen) as refused:
            app.recovery.set_password(asked, "000000", OTHER)
        told.add((refused.value.failed, refused.value.why, refused.value.next_step))

    assert len(told) == 1


def test_a_password_that_an_administrator_reset_takes_the_code_that_was_sent_then(
    open_pool: OwnPool, tmp_path: Path
) -> None:
    app, name = opened(open_pool, tmp_path), open_pool.add(**MAIL)
    open_pool.admin.admin_reset_user_password(UserPoolId=open_pool.pool_id, Username=name)

    asked = started(app, name)
    assert asked == ResetRequired(name, by_administrator=True)
    app.recovery.set_password(asked, open_pool.code(name), OTHER)

    assert isinstance(started(app, name, OTHER.reveal()), Tokens)


def test_who_signs_up_is_confirmed_by_the_newest_code(open_pool: OwnPool, tmp_path: Path) -> None:
    app, name = opened(open_pool, tmp_path), f"new-{tmp_path.name}"

    made = app.sign_up.create(name, OTHER, {"email": "mara@example.com"})
    assert made == ConfirmationRequired(name, "m****@e****")
    old = open_pool.code(name)
    assert started(app, name, OTHER.reveal()) == ConfirmationRequired(name)
    app.sign_up.send_code(made)
    new = open_pool.code(name)
    if new != old:
        with pytest.raises(StillOpen):
            app.sign_up.confirm(made, old)
    app.sign_up.confirm(made, new)

    assert isinstance(started(app, name, OTHER.reveal()), Tokens)
    with pytest.raises(StillOpen):
        app.sign_up.confirm(made, new)
    assert app.sign_up.send_code(made) == made


def test_what_a_pool_does_not_take_from_strangers_is_told(open_pool: OwnPool, tmp_path: Path) -> None:
    app, name = opened(open_pool, tmp_path), open_pool.add(**MAIL)

    for username, password, attributes, words in (
        (name, OTHER, {"email": "mara@example.com"}, "taken"),
        (f"new-{tmp_path.name}", Secret("weak"), {"email": "mara@example.com"}, "assword"),
        (f"new-{tmp_path.name}", OTHER, {}, "email"),
    ):
        with pytest.raises(StillOpen) as refused:
            app.sign_up.create(username, password, attributes)
        assert words in refused.value.why


def test_a_code_for_nobody_is_asked_for_in_vain_and_told_like_any_other(open_pool: OwnPool, tmp_path: Path) -> None:
    app, nobody = opened(open_pool, tmp_path), ConfirmationRequired("nobody-of-that-name")

    assert app.sign_up.send_code(nobody) == nobody
    with pytest.raises(StillOpen) as refused:
        app.sign_up.confirm(nobody, "123456")
    assert "not right or too old" in refused.value.why


def test_the_stack_s_pool_lets_strangers_sign_up_with_an_address(local_cloud: Cloud, tmp_path: Path) -> None:
    app = open_application(
        load({"GATEHOUSE_LOCAL_CLOUD": str(local_cloud.folder), "GATEHOUSE_DATA_FOLDER": str(tmp_path)})
    )

    assert app.sign_up.form() == SignUpForm(open=True, required=("email",))


def test_a_pool_that_cannot_be_read_offers_no_account(strict: OwnPool, tmp_path: Path) -> None:
    assert opened(strict, tmp_path).sign_up.form() == SignUpForm(open=False)
