"""Where a browser goes when it comes back from the user pool's own pages."""

from datetime import timedelta

import pytest

from services.managed_login import HOME, OPEN_FOR, ManagedLogin, own_address
from services.secret import Secret
from tests.stand_ins import ENVIRONMENT, Clock


@pytest.mark.parametrize(
    "address", ["/", "/users", "/side-by-side", "/groups?group=a%2Fb&env=test", "/users?to=//evil"]
)
def test_a_page_of_the_dashboard_is_kept(address: str) -> None:
    assert own_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *("", "users", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", " /users"),
        *(
            "/users#x",
            "/users\n",
            "/users?a=\r\nSet-Cookie: b",
            "/users/../x",
            "/managed-login",
            "/managed-login/return",
            "/users?a=\u2028",
        ),
        "/users?" + "x" * 2000,
    ],
)
def test_anything_else_leads_to_the_first_page(address: str) -> None:
    assert own_address(address) == HOME


def test_the_page_that_was_asked_for_is_known_to_the_browser_that_left() -> None:
    clock = Clock()
    login = ManagedLogin(ENVIRONMENT, clock)
    departure = login.depart("https://gatehouse.example.com", "/groups?group=billing")
    assert login.asked_for(departure.browser) == "/groups?group=billing"
    assert login.asked_for(Secret("invented")) == HOME
    assert "billing" not in departure.address
    clock.move(seconds=(OPEN_FOR + timedelta(seconds=1)).total_seconds())
    login.depart("https://gatehouse.example.com")
    assert login.asked_for(departure.browser) == HOME
