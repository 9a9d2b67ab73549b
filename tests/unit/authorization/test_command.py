"""What the command says, and where."""

import io

import pytest

from services.authorization.callers.caller import Caller
from services.authorization.cells import Facts
from services.authorization.command import main
from services.authorization.command_secrets import Watched
from services.authorization.command_terminal import Terminal, plain
from services.authorization.identity import Identity, Kind
from services.credentials import ApiKey, AwsCredentials, Credentials
from services.errors import Invalid
from services.secret import Secret


class Screen(io.StringIO):
    """A terminal that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\nb", "a\rb", "a\u202eb", "a\x00b"])
def test_text_from_outside_stays_on_its_line_and_commands_no_terminal(text: str) -> None:
    assert plain(text).isprintable()
    assert plain(text)[0] == "a"


def test_a_line_of_progress_goes_to_a_screen_alone_and_is_taken_away() -> None:
    out, screen, file = io.StringIO(), Screen(), io.StringIO()
    for err in (screen, file):
        terminal = Terminal(out, err)
        terminal.progress("Calling")
        terminal.note("Done")
    assert screen.getvalue() == "\r\x1b[KCalling\r\x1b[KDone\n"
    assert file.getvalue() == "Done\n"
    assert out.getvalue() == ""


def test_what_an_encoding_does_not_know_is_replaced() -> None:
    out = io.TextIOWrapper(io.BytesIO(), "ascii")
    Terminal(out, io.StringIO()).say("✓ allowed \ud800")
    assert out.buffer.getvalue() == b"? allowed\n"  # type: ignore[attr-defined]


def test_a_failure_is_told_on_standard_error() -> None:
    out, err = io.StringIO(), io.StringIO()
    Terminal(out, err).fail(Invalid("It failed", "Because", "Do this", request_id="r-1"))
    assert (out.getvalue(), err.getvalue()) == ("", "Error: It failed. Because. Do this.\nRequest id: r-1\n")


def test_help_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    assert "2: no verdict" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("words", [[], ["run"], ["run", "x", "--jason", "y"], ["accept", "x", "--reason", "r"]])
def test_bad_usage_does_not_read_as_no_verdict(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 3
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("credentials", "texts"),
    [
        (ApiKey(Secret("da2-key")), {"da2-key"}),
        (AwsCredentials("AKIA", Secret("the-key"), Secret("the-session")), {"the-key", "the-session"}),
    ],
)
def test_every_credential_that_is_fetched_is_noted(credentials: Credentials, texts: set[str]) -> None:
    watched = Watched()
    caller = Caller(Identity("x", "X", Kind.IAM, lambda: credentials), Facts(None))
    (watching,) = watched.all([caller])
    assert watched.secrets == []
    assert watching.identity.credentials() is credentials
    assert {secret.reveal() for secret in watched.secrets} == texts
    assert "the-key" not in repr(watched)


def test_a_fault_of_gatehouse_is_no_disagreement_and_tells_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise ValueError("the-password")

    monkeypatch.setattr("services.authorization.command.compare", broken)
    err = io.StringIO()
    assert main(["compare", "a", "b"], {}, Terminal(io.StringIO(), err)) == 2
    assert "ValueError" in err.getvalue()
    assert "the-password" not in err.getvalue()


def test_an_interruption_before_the_run_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("services.authorization.command.run", interrupted)
    assert main(["run", "x.yaml"], {}, Terminal(io.StringIO(), io.StringIO())) == 2
