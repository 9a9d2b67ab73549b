"""The CDK app, as `cdk deploy` starts it from this folder."""

from stacks import build_app

build_app().synth()
