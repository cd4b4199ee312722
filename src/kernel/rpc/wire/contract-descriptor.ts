import { create, createFileRegistry, type DescMethod, type DescService, type FileRegistry } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  MethodOptions_IdempotencyLevel as Idempotency,
} from "@bufbuild/protobuf/wkt";
import type { Contract, Method } from "../../contract.ts";
import { createContractCodecs, type MethodCodecs, serviceName, typeNameOf } from "./contract-codecs.ts";
import { type Lock, type Numbers, createNumbers, packageOf } from "./lock.ts";
import { type Field, type Message, type Scalar, type Shapes, shapesOf } from "./shape.ts";

export interface DescribedMethod extends MethodCodecs {
  readonly desc: DescMethod;
}
/**
 * A contract in protobuf: package `kinora.<service>.v<version>`, service `<Name>Service`. Calls need only its codecs;
 * descriptors are for other implementations.
 */
export interface DescribedContract {
  readonly contract: Contract;
  readonly file: FileDescriptorProto;
  readonly registry: FileRegistry;
  readonly service: DescService;
  readonly methods: ReadonlyMap<string, DescribedMethod>;
}

/** Derives a contract's descriptors, and its codecs. @throws Error when the lock is behind the contract. */
export function describeContract(contract: Contract, lock: Lock): DescribedContract {
  const shapes = shapesOf(contract);
  const numbers = createNumbers(lock, contract, shapes);
  const file = fileOf(contract, shapes, numbers);
  const registry = createFileRegistry(file, () => undefined);
  const service = registry.getService(typeNameOf(contract));
  const methods = [...createContractCodecs(contract, lock).methods].map(([name, codecs]) => {
    const desc = require(service?.methods.find((m) => codecs.path.endsWith(`/${m.name}`)));
    return [name, { ...codecs, desc }] as const;
  });
  return { contract, file, registry, service: require(service), methods: new Map(methods) };
}

/** The descriptor was made from the same shapes a moment ago: everything is in it. */
function require<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError("a descriptor lacks what it was made from");
  return value;
}

export function protoPath({ name, version, proto }: Contract): string {
  if (!proto) return `kinora/${name}/v${version}/${name}.proto`;
  return `${proto.package.replaceAll(".", "/")}/v${version}/${proto.service}.proto`;
}

function fileOf(contract: Contract, shapes: Shapes, numbers: Numbers): FileDescriptorProto {
  const pkg = packageOf(contract);
  const byName = new Map<string, DescriptorProto>();
  const tops: DescriptorProto[] = [];
  for (const message of shapes.messages) {
    const dot = message.name.lastIndexOf(".");
    const proto = messageProto(message, pkg, numbers);
    byName.set(message.name, proto);
    const siblings = dot < 0 ? tops : byName.get(message.name.slice(0, dot))?.nestedType;
    siblings?.push(proto);
  }
  return create(FileDescriptorProtoSchema, {
    name: protoPath(contract),
    package: pkg,
    syntax: "proto3",
    messageType: tops,
    service: [
      {
        name: serviceName(contract),
        method: [...shapes.methods].map(([name, { name: called, input, output }]) => ({
          name: called,
          inputType: `.${pkg}.${input.name}`,
          outputType: `.${pkg}.${output.name}`,
          serverStreaming: contract.methods[name]?.kind === "stream",
          options: { idempotencyLevel: idempotencyOf(contract.methods[name]) },
        })),
      },
    ],
  });
}

function messageProto(message: Message, pkg: string, numbers: Numbers): DescriptorProto {
  // A `oneof` of one field is how protobuf writes that an absent scalar is not the same as an empty one.
  const lone =
    message.form === "union"
      ? []
      : message.fields.filter(({ label, type }) => label === "optional" && typeof type === "string");
  const removed = numbers.removedNumbers(message);
  return create(DescriptorProtoSchema, {
    name: message.name.slice(message.name.lastIndexOf(".") + 1),
    field: message.fields.map((field) => ({
      name: field.name,
      jsonName: field.key,
      number: numbers.of(message, field),
      label: field.label === "repeated" ? Label.REPEATED : Label.OPTIONAL,
      ...(typeof field.type === "string"
        ? { type: types[field.type] }
        : { type: Type.MESSAGE, typeName: `.${pkg}.${field.type.name}` }),
      ...(message.form === "union" && { oneofIndex: 0 }),
      ...(lone.includes(field) && { proto3Optional: true, oneofIndex: lone.indexOf(field) }),
    })),
    oneofDecl:
      message.form === "union" ? [{ name: unionName }] : lone.map((field: Field) => ({ name: `_${field.name}` })),
    reservedName: [...removed.keys()],
    reservedRange: [...removed.values()].map((number) => ({ start: number, end: number + 1 })),
  });
}

/** The `oneof` of every union. */
const unionName = "variant";
const types: Readonly<Record<Scalar, Type>> = {
  string: Type.STRING,
  int64: Type.INT64,
  double: Type.DOUBLE,
  bool: Type.BOOL,
  bytes: Type.BYTES,
};

function idempotencyOf(method: Method | undefined): Idempotency {
  if (method?.kind === "query") return Idempotency.NO_SIDE_EFFECTS;
  return method?.idempotent === true ? Idempotency.IDEMPOTENT : Idempotency.IDEMPOTENCY_UNKNOWN;
}
