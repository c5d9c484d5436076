# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floor: the shortest honest script for the job, tuned by hand, with nothing in it that the job does not need.

It reads who holds the package, adds who is missing by `$batch`, several in flight, waits until nothing is open any more,
and reads once more to know of each person that the assignment is delivered. Usage: `python floor.py JOB.json`, with the
address and the credential in the environment. Prints how many people it added.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msal
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

Json = dict[str, Any]
IN_FLIGHT = 4
BATCH = 20
REQUESTS = "/identityGovernance/entitlementManagement/assignmentRequests"
ASSIGNMENTS = "/identityGovernance/entitlementManagement/assignments"
ALREADY_SO = ("InvalidRequestExistingGrant", "ExistingOpenRequest")


def sign_in(root: str) -> requests.Session:
    """Open a session that keeps its connections, carries a token, and is patient when it is throttled."""
    session = requests.Session()
    session.trust_env = False
    session.verify = os.environ["IDGOV_CA_PATH"]
    retry = Retry(total=5, backoff_factor=1, status_forcelist=(429, 503, 504), allowed_methods=None)
    session.mount("https://", HTTPAdapter(pool_maxsize=IN_FLIGHT, max_retries=retry))
    app = msal.ConfidentialClientApplication(
        os.environ["AZURE_CLIENT_ID"],
        client_credential=os.environ["AZURE_CLIENT_SECRET"],
        authority=f"{os.environ['AZURE_AUTHORITY_HOST']}/{os.environ['AZURE_TENANT_ID']}",
        instance_discovery=False,
        http_client=session,
    )
    token = app.acquire_token_for_client([f"{root}/.default"])["access_token"]
    session.headers["Authorization"] = f"Bearer {token}"
    return session


def holders(session: requests.Session, base: str, package: str) -> dict[str, str]:
    """Read all pages of the package's assignments: the state by object id, of those that are not expired."""
    query = f"$filter=accessPackage/id eq '{package}'&$select=id,state&$expand=target"
    url: str | None = f"{base}{ASSIGNMENTS}?{query}"
    found: dict[str, str] = {}
    while url:
        answer = session.get(url)
        answer.raise_for_status()
        page = answer.json()
        found.update((row["target"]["objectId"], row["state"]) for row in page["value"] if row["state"] != "expired")
        url = page.get("@odata.nextLink")
    return found


def batch(session: requests.Session, base: str, items: Sequence[Json]) -> Iterator[Json]:
    """Send up to 20 operations in one call, those that are throttled again, and give the answers."""
    waiting = {str(number): item for number, item in enumerate(items)}
    while waiting:
        body = {"requests": [{"id": number, **item} for number, item in waiting.items()]}
        answer = session.post(f"{base}/$batch", json=body)
        answer.raise_for_status()
        pause = 0.0
        for response in answer.json()["responses"]:
            if response["status"] == 429:
                pause = max(pause, float(response.get("headers", {}).get("Retry-After", 5)))
            else:
                del waiting[response["id"]]
                yield response
        time.sleep(pause)


def add(session: requests.Session, base: str, job: Json, people: Sequence[str]) -> None:
    """Ask for an assignment for each of up to 20 people; who has one already is left alone."""
    headers = {"Content-Type": "application/json"}
    ids = {"accessPackageId": job["access_package"], "assignmentPolicyId": job["policy"]}
    bodies = ({"requestType": "adminAdd", "assignment": {"targetId": person, **ids}} for person in people)
    items = [{"method": "POST", "url": REQUESTS, "headers": headers, "body": body} for body in bodies]
    for response in batch(session, base, items):
        text = json.dumps(response["body"])
        if response["status"] != 201 and not any(code in text for code in ALREADY_SO):
            raise RuntimeError(text)


def wait(session: requests.Session, base: str, package: str) -> None:
    """Wait until no request of the package moves: one call a look, with growing pauses."""
    states = ("submitted", "delivering")
    filters = (f"accessPackage/id eq '{package}' and state eq '{state}'" for state in states)
    looks = [{"method": "GET", "url": f"{REQUESTS}?$select=id&$filter={text}"} for text in filters]
    pause = 0.2
    while any(response["body"]["value"] for response in batch(session, base, looks)):
        time.sleep(pause)
        pause = min(pause * 1.5, 5)


def main(path: str) -> int:
    """Do the job; status 1 if somebody has no delivered assignment at the end."""
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    root = os.environ["IDGOV_GRAPH_URL"]
    base = f"{root}/v1.0"
    session = sign_in(root)
    held = holders(session, base, job["access_package"])
    missing = [person for person in job["people"] if person not in held]
    parts = [missing[start : start + BATCH] for start in range(0, len(missing), BATCH)]
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(lambda part: add(session, base, job, part), parts))
    if missing:
        wait(session, base, job["access_package"])
        held = holders(session, base, job["access_package"])
    print(f"added {len(missing)}")
    return 0 if all(held.get(person) == "delivered" for person in job["people"]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
