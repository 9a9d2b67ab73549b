"""How every Lambda function of these stacks is made."""

from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

FUNCTIONS = Path(__file__).parent.parent / "functions"


def python_function(
    scope: Construct, name: str, *, source: str, environment: dict[str, str], timeout: Duration | None = None
) -> lambda_.Function:
    """Return the Lambda function `name` whose code is `functions/SOURCE`, carried inside the template.

    Inline code keeps the template self-contained, at most 4,096 characters a function. The log group is
    declared, since the one that Lambda makes by itself outlives the stack.
    """
    log_group = logs.LogGroup(
        scope,
        f"{name}Logs",
        retention=logs.RetentionDays.ONE_WEEK,
        removal_policy=RemovalPolicy.DESTROY,
    )
    return lambda_.Function(
        scope,
        name,
        code=lambda_.Code.from_inline((FUNCTIONS / source).read_text()),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
        memory_size=256,
        timeout=timeout or Duration.seconds(10),
        environment=environment,
        log_group=log_group,
    )
