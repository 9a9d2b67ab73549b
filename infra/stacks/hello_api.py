"""The REST API: `GET /hello` behind a Cognito authorizer, for members of one group (S17, S18)."""

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from .functions import python_function


def make_hello_api(scope: Construct, user_pool: cognito.UserPool, *, group: str) -> apigateway.RestApi:
    """Return the API. Its authorizer takes the pool's ID tokens; its function lets only `group` pass."""
    function = python_function(scope, "Hello", source="hello.py", environment={"ADMIN_GROUP": group})
    api = apigateway.RestApi(
        scope,
        "HelloApi",
        rest_api_name="Hello",
        endpoint_types=[apigateway.EndpointType.REGIONAL],
        deploy_options=apigateway.StageOptions(stage_name="prod"),
        cloud_watch_role=False,
    )
    # The construct adds an output of its own; the address is already among the stack's documented ones.
    api.node.try_remove_child("Endpoint")
    authorizer = apigateway.CognitoUserPoolsAuthorizer(scope, "HelloAuthorizer", cognito_user_pools=[user_pool])
    api.root.add_resource("hello").add_method(
        "GET",
        apigateway.LambdaIntegration(function, allow_test_invoke=False),
        authorizer=authorizer,
        authorization_type=apigateway.AuthorizationType.COGNITO,
    )
    return api
