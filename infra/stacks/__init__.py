"""The stacks, and the app that holds them."""

import json
from pathlib import Path

import aws_cdk as cdk

from .auth_modes import AuthModesStack
from .guest_user_backend import GuestUserBackendStack

INFRA = Path(__file__).parent.parent
SPARE_DEPENDENCY = "W3005"  # the CDK's own constructs say DependsOn where a reference already does


def build_app(outdir: Path | None = None) -> cdk.App:
    """Return the app with every stack, to be synthesised into `outdir` (by default, where the CDK says).

    The context comes from cdk.json here too, so that a synthesis without the CDK's command line writes
    the templates that `cdk deploy` would.
    """
    context = json.loads((INFRA / "cdk.json").read_text())["context"]
    app = cdk.App(analytics_reporting=False, context=context, outdir=str(outdir) if outdir else None)
    backend = GuestUserBackendStack(app, "GuestUserBackendStack", synthesizer=self_contained())
    auth_modes = AuthModesStack(app, "AuthModesStack", backend=backend, synthesizer=self_contained())
    for stack in (backend, auth_modes):
        stack.template_options.metadata = {"cfn-lint": {"config": {"ignore_checks": [SPARE_DEPENDENCY]}}}
    return app


def self_contained() -> cdk.LegacyStackSynthesizer:
    """Return a synthesizer whose templates need no bootstrap stack, no bucket and no asset.

    Such a template goes as it is to `cdk deploy` and to CloudFormation's CreateStack. The newer synthesizers
    deploy by roles that only a bootstrapped account has.
    """
    return cdk.LegacyStackSynthesizer()
