"""The ledger, a DynamoDB table: its rows, and all that reads or writes them."""
