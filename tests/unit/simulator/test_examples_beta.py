# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft's documented beta examples: each is taken, and answered with the documented status and shape."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.running import Running
from tests.unit.simulator import examples_world as world
from tests.unit.simulator.examples import misfits, names_of, read_example
from tests.unit.simulator.graph_client import OWN, READ, WRITE, Graph, Json

_REQUEST = "beta__zh-accesspackageassignmentrequest"
_POLICY = "beta__zh-accesspackageassignmentpolicy-get"
_REQUIREMENTS = "beta__zh-accesspackage-getapplicablepolicyrequirements"
_CREATE = "beta__seed001-post-assignmentrequests"
_OLDER_CREATE = "beta__zh-entitlementmanagement-post-accesspackageassignmentrequests"

# What stands for the placeholder of a path, where it is not the package of most examples.
IDS = {
    f"{_REQUEST}-cancel__01": world.PENDING_REQUEST,
    f"{_REQUEST}-delete__01": world.DENIED_REQUEST,
    f"{_REQUEST}-get__01": world.PENDING_REQUEST,
}
# Operations that the simulator does not have.
NOT_SERVED = {
    "beta__zh-approval-get__01": "approvals",
    "beta__zh-approval-list-steps__01": "approvals",
    "beta__zh-approvalstep-get__01": "approvals",
    "beta__zh-approvalstep-update__01": "approvals",
    "beta__zh-entitlementmanagementsettings-get__01": "settings",
    "beta__zh-entitlementmanagementsettings-update__01": "settings",
    f"{_POLICY}__02": "customExtensionHandlers, the predecessor of customExtensionStageSettings",
}
# Where a page shows a second answer to a request, the example with that request.
ANSWER_TO = {f"{_REQUIREMENTS}__02": f"{_REQUIREMENTS}__01"}
# Readings that a page stands for where pages differ.
READINGS = {f"{_REQUEST}-cancel__01": {"cancel_status": "204"}}
# The instant at which an example with dates was written.
WRITTEN = {f"{_CREATE}__08": "2024-06-07T15:53:35Z"}
# Who asks, where it is not the administrator.
CALLERS = {f"{_OLDER_CREATE}__02": world.TARGET}
# Examples of somebody who is not in the directory.
OUTSIDERS = {f"{_CREATE}__06", f"{_OLDER_CREATE}__05"}

# Members of documented answers that beta does not have, and why they stand there.
ODD_MEMBERS = {
    "state": "v1.0's name of requestState, in half of the examples of the create page",
    "status": "v1.0's name of requestStatus, likewise",
    "completedDateTime": "v1.0's name of completedDate, likewise",
}
# Single places where an example differs from the metadata or from newer pages.
ODD_PLACES = {
    (f"{_REQUIREMENTS}__01", "body.value[].schedule"): "a list, where the metadata has a requestSchedule",
    (f"{_REQUIREMENTS}__02", "body.value[].schedule"): "a list, where the metadata has a requestSchedule",
    (
        f"{_REQUEST}-get__01",
        "body.customExtensionHandlerInstances",
    ): "handlers came before the callouts that are served",
    (f"{_OLDER_CREATE}__02", "body.answers[].answeredQuestion"): "shown in full; the newer page has id and type only",
    (f"{_OLDER_CREATE}__03", "body.schedule.expiration.type"): "null; the newer page and the enum say notSpecified",
}

SERVED = [name for name in names_of("beta") if name not in NOT_SERVED]


def _send(sim: Running, name: str) -> Any:
    request = read_example(ANSWER_TO.get(name, name))["request"]
    sim.switches(**READINGS.get(name, {}))
    token = sim.token("delegated", user=CALLERS.get(name, world.CALLER), permissions=[READ, WRITE, OWN])
    chosen = IDS.get(name, world.BOTH)
    url = request["url"].replace("https://graph.microsoft.com", sim.url).replace("{id}", chosen)
    if name.startswith(_POLICY):
        url = url.replace("4540a08f-8ab5-43f6-a923-015275799197", world.PLAIN_POLICY)
    body = json.loads(json.dumps(request["body"]).replace("request-id", chosen))
    return Graph(sim, token, "beta").call(request["method"], url, json=body)


def _odd(name: str, misfit: str) -> bool:
    return any(name == example and misfit.startswith(place) for example, place in ODD_PLACES)


@pytest.mark.usefixtures("reference_data")
def test_there_are_examples() -> None:
    assert len(list(names_of("beta"))) > 30


@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize("name", SERVED or ["of-no-example"])
def test_an_example_is_answered_as_documented(sim: Running, name: str) -> None:
    if name in WRITTEN:
        sim.set_clock(WRITTEN[name])
    sim.load(world.open_to_outsiders(world.ADD_PACKAGE) if name in OUTSIDERS else world.WORLD)
    example: Json = read_example(name)
    response = _send(sim, name)
    assert response.status_code == example["response"]["status"], response.text
    documented = example["response"]["body"]
    if documented is None:
        assert response.content == b""
    else:
        found = misfits(documented, response.json(), "body", ODD_MEMBERS)
        assert [text for text in found if not _odd(name, text)] == []


@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize("name", sorted(NOT_SERVED))
def test_what_is_not_served_is_refused(sim: Running, name: str) -> None:
    sim.load(world.WORLD)
    assert _send(sim, name).status_code == 400
