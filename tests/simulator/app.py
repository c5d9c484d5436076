# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP side: Graph under /v1.0, sign-in under /{tenant}, the admin door under /_sim."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from . import managed_identity, signin
from .door import door_routes
from .faults import SIGN_IN
from .foreign_issuer import answer_request
from .graph import Operation
from .refusal import SignInError
from .sim import Simulator, Transport

TRANSPORT = "simulator.transport"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def build_app(sim: Simulator) -> Starlette:
    """Build the application around a simulator."""

    async def graph(request: Request) -> Response:
        operation = await read_operation(request)
        answer, transport = sim.contrary.handle(operation)
        headers = {**answer.headers, "Date": http_date(sim)}
        content = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()
        if content:
            headers["Content-Type"] = (
                "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
            )
        response = Response(content, answer.status, headers)
        return await _send(request, response, transport, sim.settings.latency_ms / 1000)

    return Starlette(
        routes=[
            *door_routes(sim),
            *_sign_in_routes(sim),
            Route("/{version}/{path:path}", graph, methods=_METHODS),
        ]
    )


def _sign_in_routes(sim: Simulator) -> list[Route]:
    async def discovery(request: Request) -> Response:
        return await _sign_in(sim, request, lambda service, tenant, form: signin.discovery(service, tenant))

    async def token(request: Request) -> Response:
        return await _sign_in(sim, request, signin.token)

    async def keys(request: Request) -> Response:
        return JSONResponse({"keys": sim.issuer.public_keys()})

    async def instance(request: Request) -> Response:
        endpoint = request.query_params.get("authorization_endpoint", "")
        return await _sign_in(sim, request, lambda service, tenant, form: signin.instance_discovery(service, endpoint))

    async def device(request: Request) -> Response:
        return await _sign_in(sim, request, signin.device_authorization)

    async def machine(request: Request) -> Response:
        return await _token_of_the_place(sim, request, managed_identity.machine_token)

    async def app_service(request: Request) -> Response:
        return await _token_of_the_place(sim, request, managed_identity.app_service_token)

    async def job(request: Request) -> Response:
        if (struck := await _struck(sim, request)) is not None:
            return struck
        authorization, audience = request.headers.get("authorization"), request.query_params.get("audience")
        status, body = answer_request(sim.foreign_issuer, authorization, audience, sim.clock.now())
        sim.calls.sign_in(request.method, request.url.path, dict(request.query_params), status)
        return JSONResponse(body, status)

    return [
        Route("/metadata/identity/oauth2/token", machine, methods=["GET"]),
        Route("/msi/token", app_service, methods=["GET"]),
        Route("/_actions/idtoken", job, methods=["GET"]),
        Route("/common/discovery/instance", instance, methods=["GET"]),
        Route("/{tenant}/v2.0/.well-known/openid-configuration", discovery, methods=["GET"]),
        Route("/{tenant}/discovery/v2.0/keys", keys, methods=["GET"]),
        Route("/{tenant}/oauth2/v2.0/token", token, methods=["POST"]),
        Route("/{tenant}/oauth2/v2.0/devicecode", device, methods=["POST"]),
    ]


async def read_operation(request: Request) -> Operation:
    """Read an HTTP request as a Graph operation."""
    return Operation(
        method=request.method,
        version=request.path_params["version"],
        path="/" + request.path_params["path"],
        query=tuple(parse_qsl(request.url.query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.body(),
        origin=origin_of(request),
    )


def origin_of(request: Request) -> str:
    """Return scheme, host and port under which the client called."""
    return f"https://{request.headers.get('host', 'localhost')}"


def http_date(sim: Simulator) -> str:
    """Return the simulated instant as a Date header."""
    return sim.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT")


async def _struck(sim: Simulator, request: Request) -> Response | None:
    """Return the answer that a fault puts in place of the sign-in's own.

    Under load that is a bare text (Microsoft Authentication Library for .NET, issue 2855: "Too Many Requests").
    """
    operation = Operation(request.method, "", request.url.path, (), {}, await request.body(), origin_of(request))
    for effect in sim.faults.strike(operation, in_batch=False, service=SIGN_IN):
        await asyncio.sleep(effect.slow)
        if effect.reset is not None:
            _break_off(request)
        if effect.status is not None or effect.reset is not None:
            status = effect.status or 500
            sim.calls.sign_in(request.method, request.url.path, {}, status)
            headers = {} if effect.retry_after is None else {"Retry-After": effect.retry_after}
            return PlainTextResponse(effect.message or HTTPStatus(status).phrase, status, headers)
    return None


async def _sign_in(sim: Simulator, request: Request, answer: Any) -> Response:
    if (struck := await _struck(sim, request)) is not None:
        return struck
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    service = _service(sim, request)
    try:
        status, body = 200, answer(service, request.path_params.get("tenant", ""), form)
    except SignInError as error:
        status, body = error.status, error.body(service.now)
    sim.calls.sign_in(request.method, request.url.path, form, status)
    return JSONResponse(body, status)


async def _token_of_the_place(sim: Simulator, request: Request, answer: Any) -> Response:
    """Answer what a machine asks of the platform that it runs on."""
    if (struck := await _struck(sim, request)) is not None:
        return struck
    query = dict(request.query_params)
    status, body = answer(_service(sim, request), dict(request.headers), query)
    sim.calls.sign_in(request.method, request.url.path, query, status)
    return JSONResponse(body, status)


def _service(sim: Simulator, request: Request) -> signin.Service:
    origin = origin_of(request)
    return signin.Service(
        store=sim.store,
        issuer=sim.issuer,
        root=origin,
        audiences=sim.audiences(origin),
        now=sim.clock.now(),
        token_seconds=sim.settings.token_seconds,
        foreign=sim.foreign_issuer,
        devices=sim.devices,
        device_interval=sim.settings.device_interval,
    )


async def _send(request: Request, response: Response, transport: Transport, latency: float) -> Response:
    """Let the connection do to an answer what a fault orders."""
    if latency + transport.slow:
        await asyncio.sleep(latency + transport.slow)
    if transport.reset:
        _break_off(request)
    if transport.truncate is not None:
        return _Truncated(response, transport.truncate, request)
    return response


def _break_off(request: Request) -> None:
    """Reset the connection, so that the client sees no answer at all."""
    connection = request.scope[TRANSPORT]()
    sock = connection.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.abort()


class _Truncated(Response):
    """An answer whose connection breaks off after some bytes of its body."""

    def __init__(self, whole: Response, length: int, request: Request) -> None:
        super().__init__(bytes(whole.body), whole.status_code, dict(whole.headers))
        self._length = length
        self._request = request

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": bytes(self.body)[: self._length], "more_body": True})
        self._request.scope[TRANSPORT]().close()
