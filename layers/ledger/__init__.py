"""What the functions agree on about the rows of the ledger, a DynamoDB table."""
