"""Shared by the unit tests."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from support.build import signup, sns

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="session")
def aws() -> boto3.Session:
    """A session whose clients reach no AWS; each test stubs its own client."""
    return boto3.Session("testing", "testing", region_name="eu-west-2")


@pytest.fixture
def dynamodb(aws: boto3.Session) -> "DynamoDBClient":
    """A client of this test's own, to be stubbed."""
    return aws.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def stub(dynamodb: "DynamoDBClient") -> Iterator[Stubber]:
    """The answers that a test prepares for DynamoDB; every prepared call must be made."""
    with Stubber(dynamodb) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def invited(tmp_path: Path) -> Path:
    """A file with a signup, in an envelope of SNS."""
    path = tmp_path / "signup.json"
    path.write_text(json.dumps(sns(signup())), encoding="utf-8")
    return path
