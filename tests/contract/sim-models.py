"""Holds answers against the models that botocore ships, and prints every difference as JSON.

stdin: [{"service", "operation", "status", "headers", "body"}, …], as they came over the wire.
"""
import json
import sys

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser

# Members that real services send and no model names (seen in traces; clients ignore them).
BEYOND_THE_MODEL = {
    "CreateToken": {"aws_sso_app_session_id", "issuedTokenType", "originSessionId"},
}
ERROR_MEMBERS = {"sso": {"message", "__type"}, "sso-oidc": {"error", "error_description", "reason"}}
# Sent by the real portal API although its model does not have it.
UNMODELLED_ERRORS = {("sso", "ForbiddenException"): 403, ("sso", "InternalServerException"): 500}

SCALARS = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
    "timestamp": (int, float),
}


def differences(shape, value, path, extra=frozenset()):
    if value is None:
        return
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            yield f"{path}: not a structure"
            return
        for name in shape.required_members:
            if value.get(name) is None:
                yield f"{path}.{name}: required and missing"
        for name, member in value.items():
            if name in shape.members:
                yield from differences(shape.members[name], member, f"{path}.{name}")
            elif name not in extra:
                yield f"{path}.{name}: not in the model"
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{path}: not a list"
            return
        for index, member in enumerate(value):
            yield from differences(shape.member, member, f"{path}[{index}]")
    elif not isinstance(value, SCALARS[kind]) or (kind != "boolean" and isinstance(value, bool)):
        yield f"{path}: {type(value).__name__} instead of {kind}"
    elif kind == "string":
        low, high = shape.metadata.get("min", 0), shape.metadata.get("max")
        if len(value) < low or (high is not None and len(value) > high):
            yield f"{path}: length outside {low} to {high}"


def check_error(model, operation, service, exchange, body):
    parsed = create_parser(model.protocol).parse(
        {"status_code": exchange["status"], "headers": exchange["headers"], "body": exchange["body"].encode()},
        operation.output_shape,
    )
    code = parsed["Error"]["Code"]
    unmodelled = UNMODELLED_ERRORS.get((service, code))
    modelled = {shape.name: shape for shape in operation.error_shapes}
    if unmodelled is not None:
        if exchange["status"] != unmodelled:
            yield f"{code} with status {exchange['status']}"
    elif code not in modelled:
        yield f"{code} is no error of {operation.name}"
    else:
        status = modelled[code].metadata["error"]["httpStatusCode"]
        if exchange["status"] != status:
            yield f"{code} with status {exchange['status']} instead of {status}"
        yield from differences(modelled[code], body, code, ERROR_MEMBERS[service])
    for name in body:
        if name not in ERROR_MEMBERS[service]:
            yield f"{code} has a member {name}"


def check(exchange):
    service = exchange["service"]
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    operation = model.operation_model(exchange["operation"])
    if exchange["body"] == "" and operation.output_shape is None:
        return
    body = json.loads(exchange["body"])
    if exchange["headers"].get("content-type") != "application/json":
        yield "content-type is not JSON"
    if "x-amzn-requestid" not in exchange["headers"]:
        yield "no request id"
    if exchange["status"] >= 300:
        yield from check_error(model, operation, service, exchange, body)
    else:
        extra = BEYOND_THE_MODEL.get(operation.name, frozenset())
        yield from differences(operation.output_shape, body, operation.name, extra)


found = []
for exchange in json.load(sys.stdin):
    for problem in check(exchange):
        found.append(f"{exchange['operation']} {exchange['status']}: {problem}")
print(json.dumps(found))
