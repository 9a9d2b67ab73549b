"""A tab without a browser: Streamlit's own protocol over a WebSocket, so that one machine can hold fifty of them."""

import asyncio
import json
import re
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

SECONDS = 120  # for one run of a page; a machine that is shared can be slow
_FIELDS = ("text_input", "text_area")
_BUTTONS = ("button", "download_button")
_DONE = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}
_TICKET = re.compile(r'"ticket":\s*"([^"]+)"')


@dataclass
class Run:
    """What one click brought.

    Attributes:
        messages: everything that the server sent, in order.
        seconds: from the click to the end of the page's run.
    """

    messages: list[ForwardMsg]
    seconds: float

    @property
    def elements(self) -> Iterator[Element]:
        """The elements that were drawn."""
        return (each.delta.new_element for each in self.messages if each.delta.HasField("new_element"))

    @property
    def content(self) -> bytes:
        """Everything that came, as it came."""
        return b"".join(each.SerializeToString() for each in self.messages)


@dataclass
class Tab:
    """One browser tab on a dashboard."""

    address: str
    cookie: str = ""
    page: str = ""
    query: str = ""
    shown: Run = field(default_factory=lambda: Run([], 0))
    whole: Run = field(default_factory=lambda: Run([], 0))
    """What the last run of the whole page brought: a dialog runs by itself after that."""
    _values: dict[str, Any] = field(default_factory=dict)
    _socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        self._socket = await connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            origin=self.address,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie} if self.cookie else {},
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._socket
        await self._socket.close()

    async def open(self, page: str, query: str = "") -> Run:
        """Go to a page of the dashboard; what was typed on the one before is forgotten."""
        self.page, self.query, self._values = page, query, {}
        return await self._run({})

    def type(self, label: str, text: str) -> None:
        """Fill a text field; the one that was drawn last, where a dialog has another of the same label."""
        fields = [
            getattr(each, each.WhichOneof("type")) for each in self.shown.elements if each.WhichOneof("type") in _FIELDS
        ]
        self._values[[each.id for each in fields if each.label == label][-1]] = text

    def tick(self, table: str, row: int) -> None:
        """Tick a row of the table with that key; `*` stands for any end."""
        found = [each.dataframe.id for each in self.shown.elements if each.WhichOneof("type") == "dataframe"]
        chosen = {"selection": {"rows": [row], "columns": [], "cells": []}}
        self._values |= {each: json.dumps(chosen) for each in found if fnmatchcase(each, f"*-{table}")}

    async def again(self, beside: str = "") -> Run:
        """Send what was typed; in a dialog, what stands there beside the button of that id."""
        return await self._run({}, beside)

    async def press(self, label: str) -> Run:
        """Click a button of this label, whatever is escaped in it."""
        buttons = [each.button for each in self.shown.elements if each.WhichOneof("type") == "button"]
        found = next((each.id for each in buttons if each.label.replace("\\", "") == label), None)
        assert found, f"There is no button {label} among {[each.label for each in buttons]}"
        return await self._run({found: True})

    async def force(self, button: str) -> Run:
        """Click a button by its id, as a forged message would: whether or not it is there, or enabled."""
        return await self._run({button: True}, button)

    def buttons(self) -> dict[str, bool]:
        """The buttons that the page shows, by id, and whether each is enabled."""
        every = [
            getattr(each, kind) for each in self.shown.elements for kind in _BUTTONS if each.WhichOneof("type") == kind
        ]
        return {each.id: not each.disabled for each in every}

    @property
    def title(self) -> str:
        """The page's heading, as a reader sees it."""
        found = (each.heading.body for each in self.whole.elements if each.heading.tag == "h1")
        return next(found, "").replace("\\", "")

    def _fragment(self, button: str) -> str:
        """The dialog or fragment that holds a button; empty for the page itself."""
        found = (each.delta for each in self.shown.messages if button and each.delta.HasField("new_element"))
        return next((each.fragment_id for each in found if button in _ids(each.new_element)), "")

    async def _run(self, pressed: dict[str, bool], beside: str = "") -> Run:
        assert self._socket
        asked = BackMsg()
        asked.rerun_script.fragment_id = self._fragment(beside)
        asked.rerun_script.page_name, asked.rerun_script.query_string = self.page, self.query
        asked.rerun_script.context_info.timezone = "UTC"
        asked.rerun_script.context_info.url = f"{self.address}/{self.page}"
        for name, text in self._values.items():
            asked.rerun_script.widget_states.widgets.add(id=name, string_value=text)
        for name in pressed:
            asked.rerun_script.widget_states.widgets.add(id=name, trigger_value=True)
        started = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        messages: list[ForwardMsg] = []
        while (
            not messages
            or messages[-1].WhichOneof("type") != "script_finished"
            or messages[-1].script_finished not in _DONE
        ):
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(self._socket.recv(decode=False), SECONDS))
            messages.append(message)
        self.shown = Run(messages, time.perf_counter() - started)
        if messages[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self.whole = self.shown
        return self.shown


def _ids(element: Element) -> set[str]:
    """The id of an element that is a button."""
    return {getattr(element, kind).id for kind in _BUTTONS if element.WhichOneof("type") == kind}


async def signed_in(address: str, name: str, password: str) -> str:
    """Sign in through the page, trade the ticket as the browser does, and return the cookie."""
    async with Tab(address) as tab:
        await tab.open("tokens")
        tab.type("User name or e-mail", name)
        tab.type("Password", password)
        run = await tab.press("Sign in")
        ticket = _TICKET.search(run.content.decode("utf-8", "replace"))
        assert ticket, run.messages
        asked = urllib.request.Request(  # noqa: S310
            f"{address}/session", ticket[1].encode(), {"Sec-Fetch-Site": "same-origin"}, method="POST"
        )
        answer = await asyncio.to_thread(urllib.request.urlopen, asked)
        return str(answer.headers["Set-Cookie"]).partition(";")[0]
