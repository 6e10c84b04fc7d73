"""An emulated AWS on one port of 127.0.0.1: moto's server, for the test of the deployment.

Usage: python aws-server.py PORT

moto creates a resource of CloudFormation only where it knows the type. Of any other type, a stand-in takes the place: it
keeps the properties and has a name and attributes, so that what refers to it resolves. Nothing is there behind a stand-in.
GET /stand-ins answers with the types that have one.
"""

import json
import sys
from urllib.parse import urlparse

from moto.cloudformation import parsing
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
from werkzeug.wrappers import Response

known = parsing.resource_class_from_type
stand_ins = set()


class StandIn:
    def __init__(self, name, properties, arn):
        self.name, self.properties, self.arn = name, properties, arn

    @property
    def physical_resource_id(self):
        return self.name

    def is_created(self):
        return True

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    def get_cfn_attribute(self, attribute_name):
        return self.arn if attribute_name.endswith("Arn") else f"{self.name}.{attribute_name}"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        stand_ins.add(cloudformation_json["Type"])
        arn = f"arn:aws:stand-in:{region_name}:{account_id}:{resource_name}"
        return cls(resource_name, cloudformation_json["Properties"], arn)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        original_resource.properties = cloudformation_json["Properties"]
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        pass


def class_of(resource_type):
    if resource_type in parsing.NULL_MODELS or resource_type.startswith("Custom::"):
        return known(resource_type)
    return parsing.get_model_map().get(resource_type, StandIn)


parsing.resource_class_from_type = class_of
emulator = DomainDispatcherApplication(create_backend_app)


def serve(environ, start_response):
    if urlparse(environ["PATH_INFO"]).path == "/stand-ins":
        return Response(json.dumps(sorted(stand_ins)))(environ, start_response)
    return emulator(environ, start_response)


run_simple("127.0.0.1", int(sys.argv[1]), serve, threaded=True)
