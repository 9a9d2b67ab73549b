"""Where GraphQL calls go."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp


def data_plane() -> ASGIApp:
    """Return the application that answers GraphQL calls."""
    try:
        from local_cloud.appsync import app  # noqa: PLC0415
    except ImportError:
        return JSONResponse({"message": "This local cloud has no AppSync data plane."}, status_code=501)
    graphql: ASGIApp = app
    return graphql
