# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft's own Python SDK works against the simulator as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.identity_governance.entitlement_management.assignments.assignments_request_builder import (
    AssignmentsRequestBuilder,
)
from msgraph.generated.models.access_package_assignment import AccessPackageAssignment
from msgraph.generated.models.access_package_assignment_request import AccessPackageAssignmentRequest
from msgraph.generated.models.access_package_request_state import AccessPackageRequestState
from msgraph.generated.models.access_package_request_type import AccessPackageRequestType
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient

from tests.simulator.running import Running
from tests.unit.simulator.graph_client import ADA, LAPTOP, LAPTOP_POLICY, LEE, PAYROLL, held

# The SDK warns of its own classes.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

Steps = Callable[[GraphServiceClient], Awaitable[Any]]


class GivenToken(AccessTokenProvider):
    """Hands out the token it was given."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def get_authorization_token(self, uri: str, additional_authentication_context: Any = None) -> str:
        """Return the token."""
        return self._token

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        """Allow every host."""
        return AllowedHostsValidator([])


def run(sim: Running, steps: Steps) -> Any:
    """Do some steps with a client of the SDK that trusts the simulator's certificate."""

    async def session() -> Any:
        async with httpx.AsyncClient(verify=sim.ca_path, trust_env=False) as client:
            authentication = BaseBearerTokenAuthenticationProvider(GivenToken(sim.token()))
            adapter = GraphRequestAdapter(authentication, client=client)
            adapter.base_url = f"{sim.url}/v1.0"
            return await steps(GraphServiceClient(request_adapter=adapter))

    return asyncio.run(session())


def test_it_lists_with_filter_and_expansion(sim: Running) -> None:
    async def steps(client: GraphServiceClient) -> Any:
        options = AssignmentsRequestBuilder.AssignmentsRequestBuilderGetQueryParameters(
            filter=f"target/objectId eq '{LEE}' and state eq 'Delivered'", expand=["target", "accessPackage"]
        )
        found = await client.identity_governance.entitlement_management.assignments.get(
            RequestConfiguration(query_parameters=options)
        )
        assert found is not None
        return found.value

    found = run(sim, steps)
    assert len(found) == 4
    assert {item.target.principal_name for item in found} == {"lee@contoso.com"}
    assert {item.access_package.display_name for item in found} >= {"Payroll", "VPN Access"}
    assert all(item.schedule.start_date_time is not None for item in found)


def test_it_gets_one(sim: Running) -> None:
    async def steps(client: GraphServiceClient) -> Any:
        entitlement = client.identity_governance.entitlement_management
        package = await entitlement.access_packages.by_access_package_id(PAYROLL).get()
        assignment = await entitlement.assignments.by_access_package_assignment_id(held("Payroll")).get()
        user = await client.users.by_user_id(ADA).get()
        return package, assignment, user

    package, assignment, user = run(sim, steps)
    assert (package.display_name, user.user_principal_name) == ("Payroll", "ada@contoso.com")
    assert assignment.status == "Delivered"


def test_it_creates_a_request_and_sees_it_delivered(sim: Running) -> None:
    async def steps(client: GraphServiceClient) -> Any:
        requests = client.identity_governance.entitlement_management.assignment_requests
        names = {"targetId": ADA, "assignmentPolicyId": LAPTOP_POLICY, "accessPackageId": LAPTOP}
        body = AccessPackageAssignmentRequest(
            request_type=AccessPackageRequestType.AdminAdd,
            assignment=AccessPackageAssignment(additional_data=names),
        )
        created = await requests.post(body)
        assert created is not None
        assert created.id is not None
        await asyncio.to_thread(sim.advance, 60)
        return created, await requests.by_access_package_assignment_request_id(created.id).get()

    created, later = run(sim, steps)
    assert (created.state, created.created_date_time) == (AccessPackageRequestState.Submitted, None)
    assert later.state == AccessPackageRequestState.Delivered
    assert later.completed_date_time > later.created_date_time


def test_it_reads_a_refusal(sim: Running) -> None:
    async def steps(client: GraphServiceClient) -> Any:
        return await client.identity_governance.entitlement_management.assignments.by_access_package_assignment_id(
            ADA
        ).get()

    with pytest.raises(ODataError) as caught:
        run(sim, steps)
    assert caught.value.response_status_code == 404
    assert caught.value.error is not None
    assert caught.value.error.code == "ResourceNotFound"
