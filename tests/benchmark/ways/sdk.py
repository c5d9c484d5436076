# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job with Microsoft's Python SDK (msgraph-sdk) and asyncio, as its documentation builds such a program.

The client has the SDK's default middleware (retries after throttling among it) over one httpx pool, lists are walked with
its PageIterator, and writes go out as BatchRequestContent, several in flight. Usage: `python sdk.py JOB.json`, with the
address and the credential in the environment. Prints how many people it added.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import httpx
from azure.identity.aio import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.request_information import RequestInformation
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph.generated.identity_governance.entitlement_management.assignment_requests.assignment_requests_request_builder import (
    AssignmentRequestsRequestBuilder,
)
from msgraph.generated.identity_governance.entitlement_management.assignments.assignments_request_builder import (
    AssignmentsRequestBuilder,
)
from msgraph.generated.identity_governance.entitlement_management.entitlement_management_request_builder import (
    EntitlementManagementRequestBuilder,
)
from msgraph.generated.models.access_package_assignment import AccessPackageAssignment
from msgraph.generated.models.access_package_assignment_request import AccessPackageAssignmentRequest
from msgraph.generated.models.access_package_assignment_state import AccessPackageAssignmentState
from msgraph.generated.models.access_package_request_type import AccessPackageRequestType
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient
from msgraph_core import GraphClientFactory
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.requests.batch_response_content import BatchResponseContent
from msgraph_core.tasks.page_iterator import PageIterator

Json = dict[str, Any]
State: TypeAlias = AccessPackageAssignmentState
IN_FLIGHT = 4
BATCH = 20
ALREADY_SO = (b"InvalidRequestExistingGrant", b"ExistingOpenRequest")


class Job:
    """The package, the policy and the client."""

    def __init__(self, client: GraphServiceClient, package: str, policy: str) -> None:
        self.client = client
        self.package = package
        self.policy = policy
        self._slots = asyncio.Semaphore(IN_FLIGHT)

    @property
    def entitlement(self) -> EntitlementManagementRequestBuilder:
        """Where entitlement management starts in the SDK."""
        return self.client.identity_governance.entitlement_management

    async def holders(self) -> dict[str, State]:
        """Read all pages of the package's assignments: the state by object id, of those that are not expired."""
        query = AssignmentsRequestBuilder.AssignmentsRequestBuilderGetQueryParameters(
            filter=f"accessPackage/id eq '{self.package}'", select=["id", "state"], expand=["target"]
        )
        found: dict[str, State] = {}

        def note(row: AccessPackageAssignment) -> bool:
            if row.state not in (None, State.Expired) and row.target and row.target.object_id:
                found[row.target.object_id] = row.state
            return True

        first = await self.entitlement.assignments.get(RequestConfiguration(query_parameters=query))
        assert first is not None
        await PageIterator(first, self.client.request_adapter).iterate(note)
        return found

    async def add(self, people: Sequence[str]) -> None:
        """Ask for an assignment for each of up to 20 people; who has one already is left alone."""
        names = {"accessPackageId": self.package, "assignmentPolicyId": self.policy}
        bodies = [
            AccessPackageAssignmentRequest(
                request_type=AccessPackageRequestType.AdminAdd,
                assignment=AccessPackageAssignment(additional_data={"targetId": person, **names}),
            )
            for person in people
        ]
        builder = self.entitlement.assignment_requests
        answers = await self.batch([builder.to_post_request_information(body) for body in bodies])
        for item in (answers.responses or {}).values():
            text = item.body.getvalue() if item.body else b""
            if item.status != 201 and not any(code in text for code in ALREADY_SO):
                raise RuntimeError(text.decode())

    async def batch(self, operations: Sequence[RequestInformation]) -> BatchResponseContent:
        """Send up to 20 operations in one call."""
        content = BatchRequestContent()
        for number, operation in enumerate(operations):
            item = BatchRequestItem(operation, id=str(number))
            # Graph takes relative addresses only, and the SDK leaves the whole address in place.
            item.url = item.url.removeprefix(self.client.request_adapter.base_url)
            content.add_request(item.id, item)
        async with self._slots:
            answers = await self.client.batch.post(content)
        assert isinstance(answers, BatchResponseContent)
        return answers

    async def wait(self) -> None:
        """Wait until no request of the package moves, with growing pauses."""
        pause = 0.2
        while await self._anything_open():
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 5)

    async def _anything_open(self) -> bool:
        # Not as a batch: the SDK does not give back the bodies of a batch as objects.
        return any(await asyncio.gather(self._any_in("submitted"), self._any_in("delivering")))

    async def _any_in(self, state: str) -> bool:
        query = AssignmentRequestsRequestBuilder.AssignmentRequestsRequestBuilderGetQueryParameters(
            filter=f"accessPackage/id eq '{self.package}' and state eq '{state}'", select=["id"]
        )
        page = await self.entitlement.assignment_requests.get(RequestConfiguration(query_parameters=query))
        return bool(page and page.value)


def client_of(credential: ClientSecretCredential, http: httpx.AsyncClient, root: str) -> GraphServiceClient:
    """Build the SDK's client for another address than Microsoft's."""
    authentication = AzureIdentityAuthenticationProvider(credential, scopes=[f"{root}/.default"])
    adapter = GraphRequestAdapter(authentication, GraphClientFactory.create_with_default_middleware(client=http))
    adapter.base_url = f"{root}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


async def converge(task: Json) -> int:
    """Do the job; status 1 if somebody has no delivered assignment at the end."""
    ca_path = os.environ["IDGOV_CA_PATH"]
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"],
        os.environ["AZURE_CLIENT_ID"],
        os.environ["AZURE_CLIENT_SECRET"],
        authority=os.environ["AZURE_AUTHORITY_HOST"],
        disable_instance_discovery=True,
        connection_verify=ca_path,
    )
    async with credential, httpx.AsyncClient(verify=ca_path, trust_env=False) as http:
        client = client_of(credential, http, os.environ["IDGOV_GRAPH_URL"])
        job = Job(client, task["access_package"], task["policy"])
        held = await job.holders()
        missing = [person for person in task["people"] if person not in held]
        await asyncio.gather(*(job.add(missing[start : start + BATCH]) for start in range(0, len(missing), BATCH)))
        if missing:
            await job.wait()
            held = await job.holders()
        print(f"added {len(missing)}")
    return 0 if all(held.get(person) == State.Delivered for person in task["people"]) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(converge(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
