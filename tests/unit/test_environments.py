"""Several environments in one installation: whose value counts, and what is said about a wrong one."""

from pathlib import Path

import pytest

from services.errors import SettingsError
from services.settings import Environment, common, keys, load
from services.settings_environments import UnknownEnvironment
from tests.unit.test_settings import OUTPUTS, Folder

TWO = """
[gatehouse]
users_api_url = "https://shared.example/graphql"
client_id = "sharedclient"
admin_group = "operators"

[gatehouse.environments.staging]
user_pool_id = "eu-west-1_Staging"
colour = "violet"

[gatehouse.environments.live]
user_pool_id = "eu-west-1_Live"
client_id = "liveclient"
name = "Live, Dublin"
production = true
read_only = true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A working folder with two environments in its secrets file."""
    made = Folder(tmp_path)
    made.secrets(TWO)
    return made


def of(folder: Folder, key: str, **variables: str) -> Environment:
    return load(variables, folder.path, key=key)


def refused(folder: Folder, key: str = "staging", **variables: str) -> SettingsError:
    with pytest.raises(SettingsError) as told:
        of(folder, key, **variables)
    return told.value


def test_each_environment_has_its_own_values_and_the_shared_ones_where_it_says_nothing(folder: Folder) -> None:
    staging, live = of(folder, "staging"), of(folder, "live")

    assert (staging.user_pool_id, staging.client_id) == ("eu-west-1_Staging", "sharedclient")
    assert (live.user_pool_id, live.client_id) == ("eu-west-1_Live", "liveclient")
    assert staging.admin_group == live.admin_group == "operators"
    assert (staging.key, staging.name, staging.colour, staging.production) == ("staging", "staging", "violet", False)
    assert (live.key, live.name, live.production, live.read_only) == ("live", "Live, Dublin", True, True)
    assert live.place.name == "Live, Dublin"


def test_an_environment_s_own_value_comes_before_a_variable_and_a_variable_before_a_shared_one(folder: Folder) -> None:
    variables = {"GATEHOUSE_CLIENT_ID": "clientofvariable", "GATEHOUSE_NAME": "of all"}

    assert of(folder, "live", **variables).client_id == "liveclient"
    assert of(folder, "staging", **variables).client_id == "clientofvariable"
    assert of(folder, "staging", **variables).name == "staging"


def test_an_environment_s_own_outputs_file_comes_before_everything_shared(folder: Folder) -> None:
    folder.outputs(OUTPUTS, "staging.json")
    folder.secrets(
        TWO.replace(
            "[gatehouse.environments.staging]", '[gatehouse.environments.staging]\noutputs_file = "staging.json"'
        )
    )

    staging = of(folder, "staging", GATEHOUSE_CLIENT_ID="clientofvariable")

    assert staging.client_id == "clientfromoutputs"
    assert staging.user_pool_id == "eu-west-1_Staging"
    assert of(folder, "live").client_id == "liveclient"


def test_the_environments_stand_in_the_order_of_the_file_with_the_chosen_one_first(folder: Folder) -> None:
    assert keys({}, folder.path) == ("staging", "live")
    assert keys({"GATEHOUSE_ENVIRONMENT": "live"}, folder.path) == ("live", "staging")
    assert of(folder, "", GATEHOUSE_ENVIRONMENT="live").key == "live"


def test_one_environment_without_a_name_has_no_key_and_takes_none(folder: Folder) -> None:
    folder.secrets("")
    folder.outputs(OUTPUTS)

    assert keys({}, folder.path) == ()
    assert of(folder, "").key == ""
    with pytest.raises(UnknownEnvironment, match="no environment named staging"):
        of(folder, "staging")


def test_a_local_cloud_that_is_named_is_the_only_environment(folder: Folder) -> None:
    folder.local_cloud()
    variables = {"GATEHOUSE_LOCAL_CLOUD": ".local_cloud"}

    assert keys(variables, folder.path) == ()
    with pytest.raises(UnknownEnvironment):
        load(variables, folder.path, lambda _: True, "staging")


def test_an_unknown_environment_is_told_with_those_that_there_are(folder: Folder) -> None:
    told = refused(folder, "prod")

    assert isinstance(told, UnknownEnvironment)
    assert "prod" in told.failed
    assert "staging, live" in told.why


def test_several_environments_without_a_choice_are_an_error_where_nobody_can_be_asked(folder: Folder) -> None:
    told = refused(folder, "")

    assert "staging, live" in told.why
    assert "GATEHOUSE_ENVIRONMENT" in told.next_step


def test_a_missing_value_names_the_environment_the_key_and_the_section(folder: Folder) -> None:
    folder.secrets(TWO.replace('client_id = "sharedclient"', ""))

    told = refused(folder)

    assert "client_id" in told.failed
    assert "environment staging" in told.failed
    assert "[gatehouse.environments.staging]" in told.why
    assert "[gatehouse.environments.staging]" in told.next_step
    assert of(folder, "live").client_id == "liveclient"


def test_a_malformed_value_names_the_environment_the_key_and_the_place_that_it_came_from(folder: Folder) -> None:
    folder.secrets(TWO.replace('"violet"', '"pink"'))

    told = refused(folder)

    assert "colour" in told.failed
    assert "environment staging" in told.failed
    assert "'pink', from colour in [gatehouse.environments.staging]" in told.why


def test_plain_http_is_refused_for_one_environment_by_its_name(folder: Folder) -> None:
    folder.secrets(TWO.replace('colour = "violet"', 'modes_api_url = "http://elsewhere.example/graphql"'))

    assert "modes_api_url is not safe, in the environment staging" in refused(folder).failed


@pytest.mark.parametrize(
    ("line", "said", "step"),
    [
        ('user_pol_id = "x"', "user_pol_id", "table of settings"),
        ('data_folder = "x"', "data_folder", "Move it to [gatehouse]"),
        ('public_origin = "https://x.example"', "public_origin", "Move it to [gatehouse]"),
    ],
)
def test_a_setting_that_an_environment_can_t_have_is_told(folder: Folder, line: str, said: str, step: str) -> None:
    folder.secrets(TWO.replace('colour = "violet"', line))

    told = refused(folder)

    assert said in told.failed
    assert "[gatehouse.environments.staging]" in told.failed
    assert step in told.next_step


@pytest.mark.parametrize("name", ["Live", "li.ve", "-live", "l" * 31, "li ve", "ä"])
def test_a_name_that_no_address_or_cookie_could_carry_is_told(folder: Folder, name: str) -> None:
    folder.secrets(f'[gatehouse.environments."{name}"]\nclient_id = "x"\n')

    assert "small letters" in refused(folder, name).next_step


def test_two_environments_can_t_have_the_same_name_on_the_screen(folder: Folder) -> None:
    folder.secrets(TWO.replace("Live, Dublin", "staging"))

    assert "Two environments are called staging" in refused(folder).failed


@pytest.mark.parametrize("text", ["[gatehouse]\nenvironments = 1\n", "[gatehouse.environments]\nstaging = 1\n"])
def test_what_is_no_section_is_told(folder: Folder, text: str) -> None:
    folder.secrets(text)

    assert "is not a section" in refused(folder).failed


def test_a_file_of_environments_counts_instead_of_those_in_secrets(folder: Folder) -> None:
    (folder.path / "sites.toml").write_text('[north]\nuser_pool_id = "eu-west-1_North"\n', encoding="utf-8")
    variables = {"GATEHOUSE_ENVIRONMENTS": "sites.toml"}

    assert keys(variables, folder.path) == ("north",)
    assert of(folder, "north", **variables).user_pool_id == "eu-west-1_North"
    assert of(folder, "north", **variables).client_id == "sharedclient"


@pytest.mark.parametrize("content", [None, 'client_secret = "hunter2'])
def test_a_file_of_environments_that_can_t_be_read_is_told_without_what_is_in_it(
    folder: Folder, content: str | None
) -> None:
    if content:
        (folder.path / "sites.toml").write_text(content, encoding="utf-8")

    told = refused(folder, GATEHOUSE_ENVIRONMENTS="sites.toml")

    assert "sites.toml" in told.failed
    assert "hunter2" not in f"{told}{told!r}{told.__cause__}"


def test_the_record_is_one_for_the_whole_installation_whatever_is_wrong_with_an_environment(folder: Folder) -> None:
    folder.secrets(TWO.replace("[gatehouse]", '[gatehouse]\ndata_folder = "records"').replace("violet", "pink"))

    assert common("data_folder", {}, folder.path) == "records"
    assert of(folder, "live").data_folder == "records"
    assert common("public_origin", {}, folder.path) == ""


def test_a_secret_of_an_environment_is_not_shown(folder: Folder) -> None:
    folder.secrets(TWO.replace('colour = "violet"', 'client_secret = "hunter2 with a space"'))

    told = refused(folder)

    assert "client_secret" in told.failed
    assert "hunter2" not in f"{told}{told!r}"
