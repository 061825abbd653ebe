"""Uses the simulator as any user of boto3 would, and prints what it got as JSON.

stdin: {"origin": ..., "token": ..., "startUrl": ...}
"""
import json
import sys

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

given = json.load(sys.stdin)
origin, token = given["origin"], given["token"]
once = Config(retries={"max_attempts": 0})
unsigned = Config(signature_version=UNSIGNED, retries={"max_attempts": 0})


def unsigned_client(service):
    return boto3.client(service, endpoint_url=origin, region_name="us-east-1", config=unsigned)


def signed_client(service, keys, secret=None):
    return boto3.client(
        service,
        endpoint_url=origin,
        region_name="eu-west-1",
        config=once,
        aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=secret or keys["secretAccessKey"],
        aws_session_token=keys["sessionToken"],
    )


def refusal(call):
    try:
        call()
    except ClientError as error:
        answer = error.response
        return {
            "code": answer["Error"]["Code"],
            "message": answer["Error"].get("Message", ""),
            "status": answer["ResponseMetadata"]["HTTPStatusCode"],
        }
    return None


def device_flow():
    oidc = unsigned_client("sso-oidc")
    client = oidc.register_client(clientName="a-test", clientType="public", scopes=["sso:account:access"])
    identity = {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}
    device = oidc.start_device_authorization(startUrl=given["startUrl"], **identity)
    asked = dict(
        identity,
        grantType="urn:ietf:params:oauth:grant-type:device_code",
        deviceCode=device["deviceCode"],
    )
    pending = refusal(lambda: oidc.create_token(**asked))
    answer_device(device["userCode"])
    tokens = oidc.create_token(**asked)
    accounts = unsigned_client("sso").list_accounts(accessToken=tokens["accessToken"])
    return {
        "pending": pending,
        "expiresIn": tokens["expiresIn"],
        "hasRefreshToken": bool(tokens.get("refreshToken")),
        "accountsOnFirstPage": len(accounts["accountList"]),
    }


def answer_device(user_code):
    from urllib.request import Request, urlopen

    body = json.dumps({"userCode": user_code, "user": "ana"}).encode()
    headers = {"content-type": "application/json"}
    urlopen(Request(origin + "/__sim/device/answer", data=body, headers=headers)).read()


sso = unsigned_client("sso")
pages = list(sso.get_paginator("list_accounts").paginate(accessToken=token))
accounts = [account for page in pages for account in page["accountList"]]
roles = [
    role["roleName"]
    for page in sso.get_paginator("list_account_roles").paginate(accessToken=token, accountId="200000000009")
    for role in page["roleList"]
]
keys = sso.get_role_credentials(accessToken=token, accountId="999999999999", roleName="S3Admin")["roleCredentials"]
billing = sso.get_role_credentials(accessToken=token, accountId="310000023760", roleName="Billing")["roleCredentials"]
identity = signed_client("sts", keys).get_caller_identity()
wrong = "x" * 40

print(
    json.dumps(
        {
            "pages": len(pages),
            "accounts": len(accounts),
            "nameless": len([one for one in accounts if "accountName" not in one]),
            "roles": len(set(roles)),
            "expiration": keys["expiration"],
            "arn": identity["Arn"],
            "account": identity["Account"],
            "buckets": [one["Name"] for one in signed_client("s3", keys).list_buckets()["Buckets"]],
            "refusals": {
                "stsWrongSecret": refusal(signed_client("sts", keys, wrong).get_caller_identity),
                "s3WrongSecret": refusal(signed_client("s3", keys, wrong).list_buckets),
                "stsUnknownKey": refusal(
                    signed_client("sts", dict(keys, accessKeyId="ASIAIOSFODNN7EXAMPLE")).get_caller_identity
                ),
                "stsWrongToken": refusal(
                    signed_client("sts", dict(keys, sessionToken="IQoJb3JpZ2luX2VjX")).get_caller_identity
                ),
                "s3NotAllowed": refusal(signed_client("s3", billing).list_buckets),
                "deadToken": refusal(lambda: sso.list_accounts(accessToken="not-a-token")),
                "noRole": refusal(
                    lambda: sso.get_role_credentials(accessToken=token, accountId="999999999999", roleName="Nobody")
                ),
            },
            "device": device_flow(),
        }
    )
)
