"""Which templates are rendered once for the same arguments: those that surely look at nothing else."""

from pathlib import Path

import pytest

from local_cloud.appsync.argument_templates import reads_arguments_alone
from local_cloud.appsync.templates import rendered

USERS_API = Path(__file__).parents[3] / "infra" / "users_api"


@pytest.mark.parametrize(
    "template",
    [
        '{"a": 1}',
        "$util.toJson($ctx.args)",
        "$util.toJson($context.arguments.filter.name)",
        '#set($a = $util.defaultIfNull($ctx.args.a, "b")) #if($a == "c") #else $!{a} #end',
        (USERS_API / "list_users.request.vtl").read_text(),
    ],
)
def test_a_template_of_arguments_alone_is_known(template: str) -> None:
    assert reads_arguments_alone(template)


@pytest.mark.parametrize(
    "template",
    [
        "$util.toJson($ctx)",
        "$util.toJson($ctx.identity.sub)",
        "$util.toJson(${context.request.headers})",
        '$util.toJson($ctx["identity"])',
        '"${util.toJson($ctx.args)} $ctx.identity"',
        '{"id": "$util.autoId()"}',
        '{"at": "$util.time.nowISO8601()"}',
        '$ctx.args.put("a", 1) $util.toJson($ctx.args)',
        '$util.qr($ctx.args.put("a", 1))',
        "#set($ctx.args.a = 1) $util.toJson($ctx.args)",
        '#set($ctx = {"args": 1})',
        "#set($a = $ctx) $util.toJson($a.identity)",
        "#set($a = $ctx.args) $a.put(1, 2)",
        "#foreach($a in $ctx.args.list) $a #end",
        "$somebody",
        (USERS_API / "list_users.response.vtl").read_text(),
    ],
)
def test_in_any_doubt_a_template_is_none_of_them(template: str) -> None:
    assert not reads_arguments_alone(template)


def test_what_is_rendered_is_that_of_the_arguments_at_hand_and_nobody_else_s_to_change() -> None:
    template = '{"given": $util.toJson($ctx.args.list), "kind": $util.toJson($util.isNumber($ctx.args.one))}'
    first = rendered(template, {"args": {"list": ["a"], "one": 1}})
    first["given"].append("b")
    assert rendered(template, {"args": {"list": ["a"], "one": 1}}) == {"given": ["a"], "kind": True}
    assert rendered(template, {"args": {"list": ["a"], "one": "1"}}) == {"given": ["a"], "kind": False}
    assert rendered(template, {"args": {"list": ["a"], "one": True}}) == {"given": ["a"], "kind": False}
