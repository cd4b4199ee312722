import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import { bus } from "#kernel/rpc/bus";
import { type DescribedContract, describeContract } from "#kernel/rpc/wire/contract-descriptor";
import { packageOf } from "#kernel/rpc/wire/lock";
import { facadeContracts } from "#gateway/compat/contracts";
import lock from "../../api/contracts.lock.json" with { type: "json" };
import { loadContracts } from "../../cmd/services.ts";
import type { Generate } from "../generate.ts";
import { reservedWords } from "../thrift/reserved-words.ts";

/** The contracts as Thrift, for teams whose tools read that; there is no Thrift on the wire (ADR 058). */
export const generate: Generate = async () => {
  const contracts = [...(await loadContracts()), bus, ...facadeContracts];
  const files = contracts.map((contract) => {
    const { proto, name, version } = contract;
    const file = proto ? `${proto.package.replaceAll(".", "_")}_${proto.service}` : name;
    return [`api/thrift/${file}_v${version}.thrift`, thriftText(describeContract(contract, lock))] as const;
  });
  return { "api/thrift/failure.thrift": failure, ...Object.fromEntries(files) };
};

const failure = `// Made by \`npm run generate\`.
namespace * kinora

/** Every failure of a call: its stable code for programs, a sentence for people, and its details as JSON. */
exception Failure {
  1: string code
  2: string message
  3: bool retryable
  4: string details
}
`;

/** A contract as a Thrift file: fields have the numbers that they have in protobuf. */
function thriftText({ contract, registry, service, methods }: DescribedContract): string {
  const about = new Map([...methods.values()].map(({ desc, method }) => [desc.name, method]));
  const functions = service.methods.map((rpc) => {
    const method = about.get(rpc.name);
    if (rpc.methodKind !== "unary")
      return `  // ${rpc.name} is a stream of ${nameOf(rpc.output)}, which Thrift does not have.\n`;
    const text = [method?.summary, `Who may call: ${method?.auth}.`].filter(Boolean).join(" ").replaceAll("*/", "* /");
    return `  /** ${text} */\n  ${nameOf(rpc.output)} ${rpc.name}(1: ${nameOf(rpc.input)} request) throws (1: failure.Failure failure)\n`;
  });
  const messages = [...registry].filter((type): type is DescMessage => type.kind === "message" && !type.parent);
  return `// Made by \`npm run generate\` from the contract of ${contract.name}.
namespace * ${packageOf(contract)}

include "failure.thrift"

${[...inOrder(messages)].map(structText).join("\n")}
service ${service.name} {
${functions.join("\n")}}
`;
}

/** Thrift has no type inside another: a nested one has the names of both. */
const nameOf = ({ parent, name }: DescMessage | DescEnum): string => (parent ? `${nameOf(parent)}_${name}` : name);

/** Each type after those of its fields, as languages that hold them by value need it. */
function inOrder(messages: readonly DescMessage[], ordered = new Set<DescMessage>(), open = new Set<DescMessage>()) {
  for (const message of messages) {
    if (ordered.has(message) || open.has(message)) continue;
    open.add(message);
    inOrder(
      message.fields.flatMap((field) => field.message ?? []),
      ordered,
      open,
    );
    inOrder(message.nestedMessages, ordered, open);
    ordered.add(message);
  }
  return ordered;
}

function structText(message: DescMessage): string {
  const isUnion = message.fields.length > 0 && message.fields.every(({ oneof }) => oneof);
  const fields = message.fields.map((field) => {
    // A message may be absent in protobuf without a word about it.
    const isOptional = field.proto.proto3Optional || field.fieldKind === "message";
    const presence = !isUnion && isOptional ? "optional " : "";
    return `  ${field.number}: ${presence}${typeOf(field)} ${safeName(field.name)}\n`;
  });
  return `${isUnion ? "union" : "struct"} ${nameOf(message)} {\n${fields.join("")}}\n`;
}

function typeOf(field: DescField): string {
  const type = field.message ?? field.enum;
  const element = type ? nameOf(type) : (scalarNames[field.proto.type] ?? "binary");
  return field.fieldKind === "list" ? `list<${element}>` : element;
}

const safeName = (name: string): string => (reservedWords.has(name) ? `${name}_` : name);
const scalarNames: Readonly<Record<number, string>> = { 1: "double", 3: "i64", 8: "bool", 9: "string", 12: "binary" };
