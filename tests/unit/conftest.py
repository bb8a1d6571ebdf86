"""Shared by the unit tests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="session")
def aws() -> boto3.Session:
    """A session that makes clients of AWS which nobody answers: each test stubs its own."""
    return boto3.Session("testing", "testing", region_name="eu-west-2")


@pytest.fixture
def dynamodb(aws: boto3.Session) -> "DynamoDBClient":
    """A client of one's own, to be stubbed."""
    return aws.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def stub(dynamodb: "DynamoDBClient") -> Iterator[Stubber]:
    """DynamoDB as a test wants it; it must get every call that was prepared."""
    with Stubber(dynamodb) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()
