# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The admin door: what tests and people use to set up, watch and disturb the simulator. See the README."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .device_code import Person
from .dump import dump
from .faults import read_rule
from .fuzz import Fuzz
from .ids import id_of
from .model import Role
from .sim import Simulator
from .switches import SWITCHES
from .times import format_instant, parse_instant
from .tokens import Grant
from .world import read_world

Body = dict[str, Any]
Action = Callable[[Simulator, Body], Any]


def door_routes(sim: Simulator) -> list[Route]:
    """Build the routes of the door: POST changes, GET reads; a refused order is a 400 with its reason."""
    routes = []
    for (method, path), action in ORDERS.items():
        routes.append(Route(f"/_sim/{path}", _endpoint(sim, action), methods=[method]))
    return [*routes, Route("/_sim/{order:path}", _unknown_order, methods=["GET", "POST"])]


async def _unknown_order(request: Request) -> Response:
    known = sorted(f"{method} {path}" for method, path in ORDERS)
    return JSONResponse({"error": f"unknown order; known: {', '.join(known)}"}, 404)


def _endpoint(sim: Simulator, action: Action) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            body = json.loads(raw) if raw else {}
            body.setdefault("_origin", f"https://{request.headers.get('host')}")
            return JSONResponse(action(sim, body))
        except (ValueError, KeyError, TypeError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)

    return endpoint


def _reset(sim: Simulator, body: Body) -> Body:
    sim.reset()
    return {}


def _load(sim: Simulator, body: Body) -> Body:
    sim.load(read_world(body["world"]))
    return {}


def _dump(sim: Simulator, body: Body) -> Body:
    sim.lifecycle.settle(sim.clock.now())
    return dump(sim.store)


def _calls(sim: Simulator, body: Body) -> list[Any]:
    return sim.calls.rows


def _clear_calls(sim: Simulator, body: Body) -> Body:
    sim.calls.clear()
    return {}


def _clock(sim: Simulator, body: Body) -> Body:
    return {"now": format_instant(sim.clock.now()), "frozen": sim.clock.frozen}


def _set_clock(sim: Simulator, body: Body) -> Body:
    if "now" in body:
        sim.clock.set(parse_instant(body["now"]))
    if "advance" in body:
        sim.clock.advance(timedelta(seconds=float(body["advance"])))
    if body.get("frozen") is True:
        sim.clock.freeze()
    elif body.get("frozen") is False:
        sim.clock.run()
    sim.lifecycle.settle(sim.clock.now())
    return _clock(sim, body)


def _faults(sim: Simulator, body: Body) -> list[Body]:
    return [{"seen": rule.seen, "hit": rule.hit} for rule in sim.faults.rules]


def _set_faults(sim: Simulator, body: Body) -> list[Body]:
    sim.faults.rules = [read_rule(entry) for entry in body["rules"]]
    return _faults(sim, body)


def _contrary(sim: Simulator, body: Body) -> Body:
    fuzz = sim.contrary.fuzz
    told = {"fuzzed": fuzz.done if fuzz else [], "lost": bool(fuzz and fuzz.lost)}
    return {**told, "struck": sim.contrary.struck}


def _set_contrary(sim: Simulator, body: Body) -> Body:
    sim.contrary.doubt(body.get("doubts") or ())
    sim.faults.rules = [read_rule(rule) for rule in sim.contrary.faults]
    sim.switches.update(sim.contrary.switches)
    if "seed" in body:
        sim.contrary.fuzz = Fuzz(int(body["seed"]), int(body["every"]))
    return {}


def _switches(sim: Simulator, body: Body) -> Body:
    return {
        name: {
            "reading": sim.switches[name],
            "readings": list(switch.readings),
            "section": switch.section,
            "meaning": switch.meaning,
        }
        for name, switch in SWITCHES.items()
    }


def _set_switches(sim: Simulator, body: Body) -> Body:
    sim.switches.update(_values(body))
    return sim.switches.as_dict()


def _set_settings(sim: Simulator, body: Body) -> Body:
    sim.settings.update(_values(body))
    return dict(vars(sim.settings))


def _settings(sim: Simulator, body: Body) -> Body:
    return dict(vars(sim.settings))


def _values(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "_origin"}


def _token(sim: Simulator, body: Body) -> Body:
    kind = body.get("kind", "app")
    if kind not in ("app", "delegated"):
        raise ValueError("kind takes app or delegated")
    app_id = body.get("client_id") or next(iter(sim.store.apps))
    user_id = _user(sim, body["user"]) if kind == "delegated" else None
    permissions = body.get("permissions")
    if permissions is None:
        permissions = sim.store.apps[app_id].permissions
    roles = tuple(_role(sim, role) for role in body["roles"]) if "roles" in body else None
    token = sim.issuer.mint(
        Grant(app_id, user_id, frozenset(permissions), roles),
        body.get("tenant") or sim.store.tenant_id,
        body.get("audience") or body["_origin"],
        body["_origin"],
        sim.clock.now(),
        float(body.get("seconds", sim.settings.token_seconds)),
    )
    return {"access_token": token}


def _user(sim: Simulator, name: str) -> str:
    wanted = name.lower()
    for user in sim.store.principals.values():
        if wanted in (user.id, user.principal_name.lower()):
            return user.id
    raise ValueError(f"no user {name!r}")


def _role(sim: Simulator, role: str | Body) -> Role:
    if isinstance(role, str):
        return Role(role, None)
    for catalog_id in (role["catalog"], id_of("catalog", role["catalog"])):
        if catalog_id in sim.store.catalogs:
            return Role(role["role"], catalog_id)
    raise ValueError(f"no catalog {role['catalog']!r}")


def _decide(sim: Simulator, body: Body) -> Body:
    if body["decision"] not in ("approve", "deny"):
        raise ValueError("decision takes approve or deny")
    now = sim.clock.now()
    sim.lifecycle.settle(now)
    request = sim.store.requests[body["request"]]
    if not request.awaits_approval:
        raise ValueError(f"the request is {request.state}, not pendingApproval, or approved: {request.status}")
    sim.lifecycle.decide(request, body["decision"] == "approve", now)
    return {}


def _challenge(sim: Simulator, body: Body) -> Body:
    not_before = {"essential": True, "value": str(int(sim.clock.now().timestamp()))}
    claims = {"access_token": {"nbf": not_before}}
    sim.issuer.demand(claims)
    return claims


def _device(sim: Simulator, body: Body) -> Body:
    if body["decision"] not in ("approve", "decline", "ignore"):
        raise ValueError("decision takes approve, decline or ignore")
    sim.devices.person = Person(_user(sim, body["user"]), body["decision"], int(body.get("after_polls", 0)))
    return {}


def _foreign_token(sim: Simulator, body: Body) -> Body:
    return {"token": sim.foreign_issuer.token(sim.clock.now(), **_values(body))}


def _violations(sim: Simulator, body: Body) -> list[str]:
    return sim.violations


ORDERS: dict[tuple[str, str], Action] = {
    ("POST", "reset"): _reset,
    ("POST", "load"): _load,
    ("GET", "dump"): _dump,
    ("GET", "calls"): _calls,
    ("POST", "calls/clear"): _clear_calls,
    ("GET", "clock"): _clock,
    ("POST", "clock"): _set_clock,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _set_faults,
    ("GET", "switches"): _switches,
    ("POST", "switches"): _set_switches,
    ("GET", "contrary"): _contrary,
    ("POST", "contrary"): _set_contrary,
    ("GET", "settings"): _settings,
    ("POST", "settings"): _set_settings,
    ("POST", "token"): _token,
    ("POST", "decide"): _decide,
    ("GET", "violations"): _violations,
    ("POST", "challenge"): _challenge,
    ("POST", "device"): _device,
    ("POST", "foreign_token"): _foreign_token,
}
