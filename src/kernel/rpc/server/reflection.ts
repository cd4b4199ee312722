import {
  create,
  createFileRegistry,
  type DescFile,
  type FileRegistry,
  fromBinary,
  fromJson,
  type JsonObject,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { Contract } from "../../contract.ts";
import { describeContract } from "../wire/contract-descriptor.ts";
import { withHead } from "../wire/frame.ts";
import { GrpcError, status } from "../wire/grpc.ts";
import type { Lock } from "../wire/lock.ts";
import { healthFile } from "./health-descriptor.ts";

export type ReflectionVersion = "v1" | "v1alpha";

type Row = readonly [name: string, number: number, type: string, label?: "LABEL_REPEATED" | undefined, oneof?: true];

/** github.com/grpc/grpc-proto grpc/reflection/{v1,v1alpha}/reflection.proto: two packages, the same messages. */
function reflectionFile(version: ReflectionVersion): JsonObject {
  const pkg = `grpc.reflection.${version}`;
  const message = (name: string, rows: readonly Row[]): JsonObject => ({
    name,
    field: rows.map(([field, number, type, label = "LABEL_OPTIONAL", oneof]) => ({
      name: field,
      number,
      label,
      ...(type.startsWith("TYPE_") ? { type } : { type: "TYPE_MESSAGE", typeName: `.${pkg}.${type}` }),
      ...(oneof && { oneofIndex: 0 }),
    })),
    ...(rows.some(([, , , , oneof]) => oneof) && {
      oneofDecl: [{ name: name.endsWith("Request") ? "message_request" : "message_response" }],
    }),
  });
  return {
    name: `grpc/reflection/${version}/reflection.proto`,
    package: pkg,
    syntax: "proto3",
    messageType: [
      message("ServerReflectionRequest", [
        ["host", 1, "TYPE_STRING"],
        ["file_by_filename", 3, "TYPE_STRING", undefined, true],
        ["file_containing_symbol", 4, "TYPE_STRING", undefined, true],
        ["file_containing_extension", 5, "ExtensionRequest", undefined, true],
        ["all_extension_numbers_of_type", 6, "TYPE_STRING", undefined, true],
        ["list_services", 7, "TYPE_STRING", undefined, true],
      ]),
      message("ExtensionRequest", [
        ["containing_type", 1, "TYPE_STRING"],
        ["extension_number", 2, "TYPE_INT32"],
      ]),
      message("ServerReflectionResponse", [
        ["valid_host", 1, "TYPE_STRING"],
        ["original_request", 2, "ServerReflectionRequest"],
        ["file_descriptor_response", 4, "FileDescriptorResponse", undefined, true],
        ["all_extension_numbers_response", 5, "ExtensionNumberResponse", undefined, true],
        ["list_services_response", 6, "ListServiceResponse", undefined, true],
        ["error_response", 7, "ErrorResponse", undefined, true],
      ]),
      message("FileDescriptorResponse", [["file_descriptor_proto", 1, "TYPE_BYTES", "LABEL_REPEATED"]]),
      message("ExtensionNumberResponse", [
        ["base_type_name", 1, "TYPE_STRING"],
        ["extension_number", 2, "TYPE_INT32", "LABEL_REPEATED"],
      ]),
      message("ListServiceResponse", [["service", 1, "ServiceResponse", "LABEL_REPEATED"]]),
      message("ServiceResponse", [["name", 1, "TYPE_STRING"]]),
      message("ErrorResponse", [
        ["error_code", 1, "TYPE_INT32"],
        ["error_message", 2, "TYPE_STRING"],
      ]),
    ],
    service: [
      {
        name: "ServerReflection",
        method: [
          {
            name: "ServerReflectionInfo",
            inputType: `.${pkg}.ServerReflectionRequest`,
            outputType: `.${pkg}.ServerReflectionResponse`,
            clientStreaming: true,
            serverStreaming: true,
          },
        ],
      },
    ],
  };
}

/** The descriptors of reflection itself. */
export const createReflectionRegistry = (version: ReflectionVersion): FileRegistry =>
  registryOf(reflectionFile(version));

const registryOf = (file: JsonObject): FileRegistry =>
  createFileRegistry(fromJson(FileDescriptorProtoSchema, file), () => undefined);

interface ReflectionQuestion {
  readonly host: string;
  readonly messageRequest: { readonly case: string | undefined; readonly value?: unknown };
}

/** Answers the messages of one call. */
export type Reflect = (messages: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

/** Server reflection over these contracts, health and itself: the answers to `grpcurl list` and `describe`. Contracts are no secret. */
export function createReflection(contracts: readonly Contract[], lock: Lock): Record<ReflectionVersion, Reflect> {
  const ownRegistries = { v1: createReflectionRegistry("v1"), v1alpha: createReflectionRegistry("v1alpha") };
  const described = contracts.map((contract) => describeContract(contract, lock).registry);
  const all = createFileRegistry(...described, registryOf(healthFile), ...Object.values(ownRegistries));
  const services = [...all].filter(({ kind }) => kind === "service").map(({ typeName }) => ({ name: typeName }));

  const fileOf = (name: string): DescFile | undefined => {
    const entry = all.get(name) ?? all.get(name.slice(0, name.lastIndexOf("."))); // A method or a field is in its owner's file.
    return entry?.kind === "extension" ? undefined : entry?.file;
  };
  const answer = ({ messageRequest: { case: question, value } }: ReflectionQuestion) => {
    const name = String(value);
    if (question === "listServices") return { case: "listServicesResponse", value: { service: services } };
    const file =
      question === "fileByFilename"
        ? all.getFile(name)
        : question === "fileContainingSymbol"
          ? fileOf(name)
          : undefined;
    if (file) {
      // No file of ours imports another, so that each is whole by itself.
      const bytes = toBinary(FileDescriptorProtoSchema, file.proto);
      return { case: "fileDescriptorResponse", value: { fileDescriptorProto: [bytes] } };
    }
    return {
      case: "errorResponse",
      value: { errorCode: status.notFound, errorMessage: "there is no such thing here" },
    };
  };
  return {
    v1: createReflect(ownRegistries.v1, "v1", answer),
    v1alpha: createReflect(ownRegistries.v1alpha, "v1alpha", answer),
  };
}

function createReflect(
  registry: FileRegistry,
  version: ReflectionVersion,
  answer: (asked: ReflectionQuestion) => object,
): Reflect {
  const pkg = `grpc.reflection.${version}`;
  const request = registry.getMessage(`${pkg}.ServerReflectionRequest`);
  const response = registry.getMessage(`${pkg}.ServerReflectionResponse`);
  if (!request || !response) throw new TypeError("reflection is in its own file");
  const read = (message: Buffer): ReflectionQuestion => {
    try {
      return fromBinary(request, message) as unknown as ReflectionQuestion; // As its descriptor says.
    } catch (error) {
      throw new GrpcError(status.invalidArgument, "this is no message of reflection", { cause: error });
    }
  };
  return async function* (messages) {
    for await (const message of messages) {
      const request = read(message);
      const fields = { validHost: request.host, originalRequest: request, messageResponse: answer(request) };
      yield withHead(toBinary(response, create(response, fields)));
    }
  };
}
