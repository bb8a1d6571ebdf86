"""The variables that the template gives send_invites, for a function that runs in a test."""

RULES = {
    "DEFAULT_ROLES": "Artist",
    "ALLOWED_EMAIL_DOMAINS": "",
    "DENIED_EMAIL_DOMAINS": "",
    "ALLOWED_TENANTS": "",
    "DENIED_TENANTS": "",
    "ALLOWED_SOURCES": "",
    "DENIED_SOURCES": "",
    "UNVERIFIED_REFUSED_SOURCES": "",
}
SETTINGS = {
    "API_BASE_URL": "https://enterprise.spacemedia.uk",
    "TOKEN_SECRET_ID": "arn:aws:secretsmanager:eu-west-2:123456789012:secret:token-AbCdEf",
    "LEDGER_TABLE_NAME": "ledger",
    "SIGNUP_QUEUE_URL": "https://sqs.eu-west-2.amazonaws.com/123456789012/signups",
    "EMAIL_TAKEN_TEXT": "The email has already been taken.",
    "MAX_INVITES_PER_MINUTE": "0",
    "REMEMBER_DAYS": "30",
    "MAX_RECEIVE_COUNT": "20",
    "QUEUE_RETENTION_SECONDS": "604800",
}
ENVIRONMENT = RULES | SETTINGS
