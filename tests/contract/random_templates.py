"""Random templates of CloudFormation: sections, resources and properties by their names, and anything in them."""

from typing import Any

from hypothesis import strategies as st

KINDS = {
    "AWS::AppSync::GraphQLApi": ("Name", "AuthenticationType", "AdditionalAuthenticationProviders", "UserPoolConfig"),
    "AWS::AppSync::ApiKey": ("ApiId", "Expires"),
    "AWS::AppSync::DataSource": ("ApiId", "Name", "Type", "LambdaConfig", "ServiceRoleArn"),
    "AWS::AppSync::Resolver": ("ApiId", "TypeName", "FieldName", "DataSourceName"),
    "AWS::Cognito::UserPool": ("UserPoolName", "Policies", "Schema", "LambdaConfig"),
    "AWS::Cognito::UserPoolClient": ("UserPoolId", "ExplicitAuthFlows", "TokenValidityUnits"),
    "AWS::Cognito::IdentityPoolRoleAttachment": ("IdentityPoolId", "Roles", "RoleMappings"),
    "AWS::DynamoDB::Table": ("KeySchema", "AttributeDefinitions", "BillingMode"),
    "AWS::IAM::Role": ("AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns"),
    "AWS::Lambda::Function": ("Code", "Handler", "Role", "Environment"),
}

_text = st.text(max_size=6) | st.sampled_from(["API_KEY", "Query", "NONE", "A", "B"])
_intrinsic = st.sampled_from(
    [{"Ref": "A"}, {"Ref": "Nowhere"}, {"Fn::GetAtt": ["A", "ApiId"]}, {"Fn::Sub": "${A}"}, {"Fn::Select": [9, ["x"]]}]
)
_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | _text | _intrinsic,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_text, inner, max_size=2),
    max_leaves=5,
)


def templates() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy of templates with two resources at most."""
    resource = st.sampled_from(sorted(KINDS)).flatmap(_resource)
    section = st.dictionaries(_text, _anything, max_size=1)
    return st.fixed_dictionaries(
        {"Resources": st.fixed_dictionaries({}, optional={"A": resource, "B": resource | _anything})},
        optional={"Parameters": section, "Outputs": section, "Conditions": section},
    )


def _resource(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    properties: st.SearchStrategy[Any] = st.fixed_dictionaries({}, optional=dict.fromkeys(KINDS[kind], _anything))
    others = dict.fromkeys(("DependsOn", "Condition", "DeletionPolicy"), _anything)
    return st.fixed_dictionaries({"Type": st.just(kind)}, optional={"Properties": properties | _anything, **others})
