"""A handler that only POSTs, side by side, for `make bench`: the floor of a backlog."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import urllib3

THREADS = ThreadPoolExecutor(10)
HTTP = urllib3.PoolManager(maxsize=10)
URL = f"{os.environ['API_BASE_URL']}/api/v1/users"
HEADERS = {"Authorization": f"Bearer {os.environ['TOKEN']}", "Accept": "application/json"}


def lambda_handler(event: dict[str, Any], _context: object) -> None:
    """Invite each person."""
    for _ in THREADS.map(_invite, event["Records"]):
        pass


def _invite(record: dict[str, Any]) -> None:
    email = json.loads(record["body"])["data"]["email"]
    HTTP.request("POST", URL, json={"email": email, "roles": ["Artist"]}, headers=HEADERS)
