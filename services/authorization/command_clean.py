"""`clean`: what killed runs left behind is removed."""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime

from services.application import open_application
from services.authorization.agreed.assessment import Exit
from services.authorization.callers.pool_shape import pool_shape
from services.authorization.callers.stand_ins import SignsIn, StandIns
from services.authorization.command_stage import operator_of
from services.authorization.command_terminal import Terminal
from services.renewal import Renewal
from services.settings import load


def clean(arguments: argparse.Namespace, variables: Mapping[str, str], terminal: Terminal) -> Exit:
    """Remove the stand-ins that killed runs left behind, and prove it; those of a run under way stay."""
    environment = load(variables)
    application = open_application(environment)
    pool = application.clients.user_pool
    stand_ins = StandIns(
        pool,
        environment,
        SignsIn(application.sign_in, application.identify, Renewal(pool, environment).renew),
        operator=operator_of(environment),
        now=lambda: datetime.now(UTC),
        typed_name=arguments.environment_name_typed,
        reason=arguments.because,
    )
    removals = stand_ins.sweep(pool_shape(pool, environment.user_pool_id))
    for removal in removals:
        terminal.say(f"{removal.stay.username}: {removal.why}")
    terminal.say(f"{sum(removal.proven for removal in removals)} of {len(removals)} left stand-ins removed")
    return Exit.AGREED if all(removal.proven for removal in removals) else Exit.NO_VERDICT
