"""People and groups that a test makes for itself in the local cloud's user pool."""

import secrets

from tests.cloud import Cloud

PASSWORD = "Original-horse-7"


def new_person(cloud: Cloud, *groups: str) -> str:
    """A confirmed person with `PASSWORD`, in the given groups; returns the user name."""
    name = f"person-{secrets.token_hex(4)}"
    pool, client = cloud.backend["UserPoolId"], cloud.client("cognito-idp")
    attributes = [{"Name": "email", "Value": f"{name}@example.com"}, {"Name": "email_verified", "Value": "true"}]
    client.admin_create_user(UserPoolId=pool, Username=name, UserAttributes=attributes, MessageAction="SUPPRESS")
    client.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
    for group in groups:
        client.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    return name
