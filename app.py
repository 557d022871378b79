"""The way in: `streamlit run app.py` serves the dashboard, /healthz and /readyz."""

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import net_util

from queries import migrations
from queries.database import data_version, engine

for address in ("get_external_ip", "get_internal_ip"):  # Streamlit would ask outside, and nothing leaves the machine
    setattr(net_util, address, lambda: None)


def healthz(request: Request) -> JSONResponse:
    """Say that the process is up."""
    return JSONResponse({"status": "up"})


def readyz(request: Request) -> JSONResponse:
    """Say whether the database answers and holds the schema of this release."""
    try:
        revision = migrations.current(engine())
        ready = revision == migrations.head()
        version = data_version() if ready else None
    except Exception as error:
        return JSONResponse({"status": "unreachable", "reason": type(error).__name__}, status_code=503)
    state = {"status": "ready" if ready else "schema", "revision": revision, "data_version": version}
    return JSONResponse(state, status_code=200 if ready else 503)


app = st.App("dashboard/frame/main.py", routes=[Route("/healthz", healthz), Route("/readyz", readyz)])
