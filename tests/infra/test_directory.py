"""S1, S2, S3, S16: the pool, its app client, the identity pool, and the groups."""

import pytest

from tests.infra.template import as_text


def test_s1_people_may_sign_themselves_up(backend):
    assert backend.the("Cognito::UserPool")["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False}


def test_s1_an_email_address_is_required_and_verified_by_code(backend):
    pool = backend.the("Cognito::UserPool")
    assert {"Name": "email", "Required": True, "Mutable": True} in pool["Schema"]
    assert pool["AutoVerifiedAttributes"] == ["email"]
    assert pool["VerificationMessageTemplate"]["DefaultEmailOption"] == "CONFIRM_WITH_CODE"


def test_s1_an_account_is_recovered_by_email_alone(backend):
    recovery = backend.the("Cognito::UserPool")["AccountRecoverySetting"]
    assert recovery == {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]}


def test_s1_people_sign_in_by_user_name_or_email_whatever_the_case(backend):
    pool = backend.the("Cognito::UserPool")
    assert pool["AliasAttributes"] == ["email"]
    assert "UsernameAttributes" not in pool, "this would make the address the only way to sign in"
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}


def test_a_new_address_counts_only_once_it_is_verified(backend):
    settings = backend.the("Cognito::UserPool")["UserAttributeUpdateSettings"]
    assert settings == {"AttributesRequireVerificationBeforeUpdate": ["email"]}


def test_a_second_factor_by_authenticator_app_is_offered_and_sms_is_not(backend):
    pool = backend.the("Cognito::UserPool")
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])


def test_a_password_needs_twelve_characters_of_four_kinds(backend):
    policy = backend.the("Cognito::UserPool")["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 12
    kinds = ("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols")
    assert [policy[kind] for kind in kinds] == [True] * 4


def test_s2_the_app_client_has_no_secret_and_tells_nobody_who_exists(backend):
    client = backend.the("Cognito::UserPoolClient")
    assert client["GenerateSecret"] is False
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_s2_the_app_client_allows_exactly_the_five_flows(backend):
    assert set(backend.the("Cognito::UserPoolClient")["ExplicitAuthFlows"]) == {
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    }


def test_s2_nobody_signs_in_through_hosted_pages(backend):
    client = backend.the("Cognito::UserPoolClient")
    assert client["AllowedOAuthFlowsUserPoolClient"] is False
    assert "CallbackURLs" not in client


def test_s3_guests_are_allowed_and_the_pool_is_the_checked_provider(backend):
    identity_pool = backend.the("Cognito::IdentityPool")
    assert identity_pool["AllowUnauthenticatedIdentities"] is True
    (provider,) = identity_pool["CognitoIdentityProviders"]
    assert provider["ClientId"] == {"Ref": backend.id_of("Cognito::UserPoolClient")}
    assert provider["ServerSideTokenCheck"] is True


def test_s3_guests_and_signed_in_people_have_a_role_each(backend):
    roles = backend.the("Cognito::IdentityPoolRoleAttachment")["Roles"]
    assert set(roles) == {"authenticated", "unauthenticated"}
    assert roles["authenticated"] != roles["unauthenticated"]


def test_s16_a_groups_role_takes_effect_for_who_signs_in_through_the_app_client(backend):
    (mapping,) = backend.the("Cognito::IdentityPoolRoleAttachment")["RoleMappings"].values()
    pool, client = backend.id_of("Cognito::UserPool"), backend.id_of("Cognito::UserPoolClient")
    assert as_text(mapping["IdentityProvider"]) == "{" + pool + ".ProviderName}:{" + client + "}"
    assert (mapping["Type"], mapping["AmbiguousRoleResolution"]) == ("Token", "AuthenticatedRole")


@pytest.mark.parametrize("kind", ["authenticated", "unauthenticated"])
def test_s3_each_role_trusts_this_identity_pool_and_its_own_kind_alone(backend, kind):
    role = backend.the("Cognito::IdentityPoolRoleAttachment")["Roles"][kind]["Fn::GetAtt"][0]
    assert_trusts_only(backend, backend.of_type("IAM::Role")[role], kind)


@pytest.mark.parametrize(("group", "precedence"), [("admins", 0), ("viewers", 10)])
def test_s16_a_group_has_a_precedence_and_a_role_that_its_members_can_take(backend, group, precedence):
    properties = backend.the("Cognito::UserPoolGroup", GroupName=group)
    assert properties["Precedence"] == precedence
    role = properties["RoleArn"]["Fn::GetAtt"][0]
    assert_trusts_only(backend, backend.of_type("IAM::Role")[role], "authenticated")


def test_s16_no_two_groups_share_a_role(backend):
    roles = [group["RoleArn"]["Fn::GetAtt"][0] for group in backend.of_type("Cognito::UserPoolGroup").values()]
    assert len(set(roles)) == len(roles) == 2


def assert_trusts_only(backend, role, kind):
    """Assert that people of `kind` from this stack's identity pool, and nobody else, can assume `role`."""
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Federated": "cognito-identity.amazonaws.com"}
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    identity_pool = {"Ref": backend.id_of("Cognito::IdentityPool")}
    assert statement["Condition"] == {
        "StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool},
        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": kind},
    }
