"""Values against the limits of AWS's models."""

import pytest
from botocore.model import ServiceModel  # type: ignore[import-untyped]

from local_cloud.aws import MODELS
from local_cloud.constraints import violations

COGNITO = ServiceModel(MODELS.load_service_model("cognito-idp", "service-2"))


def said(shape: str, value: object) -> list[str]:
    return list(violations(COGNITO.shape_for(shape), value, "it"))


@pytest.mark.parametrize("name", ["ada", "a@b.c", "é", "李", "a\u0301", "1²", "€", "¿", '=HYPERLINK("x")', "[a]\\^"])
def test_letters_marks_signs_numbers_and_punctuation_make_a_name(name: str) -> None:
    assert said("UsernameType", name) == []


@pytest.mark.parametrize("name", [" ", "a b", "a\u00a0b", "a\u200bb", "\u202ea", "a\tb", "\x1b", "a\ue000"])
def test_blanks_and_invisible_signs_do_not(name: str) -> None:
    assert len(said("UsernameType", name)) == 1


def test_every_pattern_of_cognito_can_be_tried() -> None:
    shapes = [COGNITO.shape_for(name) for name in COGNITO.shape_names]
    tried = [list(violations(shape, "x", "it")) for shape in shapes if shape.metadata.get("pattern")]
    assert len(tried) > 50
