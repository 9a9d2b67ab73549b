"""The AppSync data plane of the local cloud, with modes, directives and refusals enforced.

`app` is the ASGI application. It is made when it is first asked for, because it takes hold of
the emulator, which reads its settings from the environment as it is imported.
"""

from functools import cache
from typing import Any


@cache
def _app() -> Any:
    from local_cloud import emulator  # noqa: PLC0415 - see above
    from local_cloud.appsync import control_plane  # noqa: PLC0415
    from local_cloud.appsync.asgi import application  # noqa: PLC0415
    from local_cloud.appsync.data_plane import DataPlane  # noqa: PLC0415

    control_plane.take_hold()
    return application(DataPlane(emulator))


def __getattr__(name: str) -> Any:
    if name == "app":
        return _app()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
