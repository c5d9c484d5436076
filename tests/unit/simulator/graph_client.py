# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bare Graph client for the simulator's tests."""

from __future__ import annotations

from typing import Any

import requests

from tests.simulator.ids import id_of
from tests.simulator.running import Running

Json = dict[str, Any]
START = "2030-01-01T00:00:00Z"
ENTITLEMENT = "/identityGovernance/entitlementManagement"
ADA, BO, LEE, MIRA, GRACE, NOOR = (
    id_of("user", f"{name}@contoso.com") for name in ("ada", "bo", "lee", "mira", "grace", "noor")
)
GUEST = id_of("user", "pat_fabrikam.com#EXT#@contoso.onmicrosoft.com")
LAPTOP, VPN, PAYROLL, PORTAL, SOURCE = (
    id_of("package", name)
    for name in ("Engineering Laptop", "VPN Access", "Payroll", "Partner Portal", "Source Code Read")
)
LAPTOP_POLICY = id_of("policy", "Engineering Laptop/Direct assignment")
VPN_MEMBERS, VPN_EVERYBODY = (id_of("policy", f"VPN Access/{name}") for name in ("Members", "Everybody"))
PAYROLL_POLICY = id_of("policy", "Payroll/Payroll staff")
PORTAL_POLICY = id_of("policy", "Partner Portal/Connected organizations")
OWN = "EntitlementMgmt-SubjectAccess.ReadWrite"
READ = "EntitlementManagement.Read.All"
WRITE = "EntitlementManagement.ReadWrite.All"


class Graph:
    """Calls the simulator with one token. Paths without a version; ``em`` stands before entitlement paths."""

    def __init__(self, sim: Running, token: str, version: str = "v1.0") -> None:
        self.sim = sim
        self.version = version
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send one request; a path that starts with https is taken as it is."""
        url = path if path.startswith("https://") else f"{self.sim.url}/{self.version}{path}"
        return self.session.request(method, url, verify=self.sim.ca_path, timeout=10, allow_redirects=False, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET a path."""
        return self.call("GET", path, **options)

    def em(self, path: str, **query: str) -> requests.Response:
        """GET an entitlement management path; query names come without their ``$``."""
        return self.get(ENTITLEMENT + path, params={f"${name}": value for name, value in query.items()})

    def post(self, path: str, body: Any = None) -> requests.Response:
        """POST to an entitlement management path."""
        return self.call("POST", ENTITLEMENT + path, json=body)

    def request(self, body: Json) -> requests.Response:
        """Create an assignment request."""
        return self.post("/assignmentRequests", body)

    def batch(self, *items: Json) -> requests.Response:
        """Send a batch; items without an id get their place as one."""
        numbered = [{"id": str(index), **item} for index, item in enumerate(items, start=1)]
        return self.call("POST", "/$batch", json={"requests": numbered})


def ask(sim: Running, tenant: str | None = None, **form: str) -> requests.Response:
    """Ask for a token, as the application of the simulator's environment where the form says nothing else."""
    environment = sim.environment
    fields = {
        "grant_type": "client_credentials",
        "client_id": environment["AZURE_CLIENT_ID"],
        "client_secret": environment["AZURE_CLIENT_SECRET"],
        "scope": f"{sim.url}/.default",
        **form,
    }
    url = f"{sim.url}/{tenant or environment['AZURE_TENANT_ID']}/oauth2/v2.0/token"
    session = requests.Session()
    session.trust_env = False
    return session.post(
        url, data={name: value for name, value in fields.items() if value}, verify=sim.ca_path, timeout=10
    )


def add(user: str = ADA, package: str = LAPTOP, policy: str = LAPTOP_POLICY, **more: Any) -> Json:
    """Return the body of an adminAdd."""
    assignment = {"targetId": user, "accessPackageId": package, "assignmentPolicyId": policy}
    return {"requestType": "adminAdd", "assignment": assignment, **more}


def change(kind: str, assignment_id: str, **more: Any) -> Json:
    """Return the body of an update or removal."""
    return {"requestType": kind, "assignment": {"id": assignment_id}, **more}


def code_of(response: requests.Response) -> tuple[int, str]:
    """Return status and error code of a refusal."""
    return response.status_code, response.json()["error"]["code"]


def held(name: str) -> str:
    """Return the id of an assignment of Lee Park, by package."""
    return id_of("assignment", f"lee@contoso.com/{name}")
