"""Mapping templates: what they see, and what they can't reach."""

from typing import Any

import pytest

from local_cloud.appsync.field_errors import FieldError
from local_cloud.appsync.templates import MAPPING_TEMPLATE, rendered, template_fault

CONTEXT = {"args": {"name": "x", "tags": ["a", "b"], "none": None}, "identity": None}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("$util.toJson($ctx.args.tags)", ["a", "b"]),
        ("$util.toJson($context.arguments)", None),
        ("$utils.toJson($util.defaultIfNull($ctx.args.none, 5))", 5),
        ("#if($util.isNull($ctx.identity)) 1 #else 2 #end", 1),
        ('[#foreach($t in $ctx.args.tags)"$t"#if($foreach.hasNext),#end#end]', ["a", "b"]),
        ("#set($m = {})$util.qr($m.put('k', 1))$util.toJson($m)", {"k": 1}),
        ("#set($m = {'a': 1})[$m.size(), $m.containsKey('a').toString()]", MAPPING_TEMPLATE),
        ("#set($m = {'a': 1})$m.size()", 1),
        (
            "$util.dynamodb.toMapValuesJson($ctx.args)",
            {"name": {"S": "x"}, "tags": {"L": [{"S": "a"}, {"S": "b"}]}, "none": {"NULL": True}},
        ),
        ('"$util.escapeJavaScript(\'a"b\')"', 'a"b'),
        ("$util.toJson($util.parseJson($ctx.args.none))", None),
        ("$util.toJson($util.escapeJavaScript($ctx.args.none))", None),
        ("$util.toJson($util.matches('x', $ctx.args.none))", False),
        ("$util.dynamodb.toMapValuesJson($ctx.args.none)", {}),
        ("", None),
        ("$util.noSuchThing()", MAPPING_TEMPLATE),
        ("{", MAPPING_TEMPLATE),
        ("$util.parseJson('{')", MAPPING_TEMPLATE),
    ],
)
def test_a_template_renders_to_a_value_or_is_at_fault(template: str, value: Any) -> None:
    if value == MAPPING_TEMPLATE:
        with pytest.raises(FieldError) as raised:
            rendered(template, CONTEXT)
        assert raised.value.error_type == MAPPING_TEMPLATE
    else:
        assert rendered(template, CONTEXT) == value


@pytest.mark.parametrize("way", ["$ctx.__class__", "$ctx. __class__", "${ctx.args._x}", "$util.toJson.__globals__"])
def test_no_name_of_python_s_own_is_taken(way: str) -> None:
    assert template_fault(way) == "mapping templates with names that begin with an underscore"


def test_an_underscore_within_a_name_or_a_text_is_nothing_special() -> None:
    assert template_fault('{"__typename": "User", "a": "$ctx.args.first_name"}') is None


def test_what_a_template_changes_is_as_it_was_when_it_is_rendered_again() -> None:
    template = "#set($m = {'l': ['a']})$util.qr($m.put('k', 1))$util.qr($m.l.add('b'))$util.toJson($m)"
    for _ in range(2):
        assert rendered(template, CONTEXT) == {"l": ["a", "b"], "k": 1}
    assert rendered("$util.toJson($util.isNull($m))", CONTEXT) is True


def test_times_and_ids_are_made() -> None:
    assert str(rendered('"$util.time.nowISO8601()"', CONTEXT)).endswith("Z")
    assert rendered("$util.time.nowEpochMilliSeconds()", CONTEXT) > rendered("$util.time.nowEpochSeconds()", CONTEXT)
    assert len(rendered('"$util.autoId()"', CONTEXT)) == 36
