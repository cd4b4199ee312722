import type { DescEnum, DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { packageOf } from "./lock.ts";
import type { DescribedContract } from "./contract-descriptor.ts";

/** The contract as a `.proto` file, for people and for the tools of other languages. */
export function protoText({ contract, registry, service, methods }: DescribedContract): string {
  const pkg = packageOf(contract);
  const summaries = new Map([...methods.values()].map(({ desc, method }) => [desc.name, method]));
  const rpcs = service.methods.map((rpc) => {
    const method = summaries.get(rpc.name);
    const about = [method?.summary, method && `Who may call: ${method.auth}.`].filter(Boolean).join(" ");
    return `  // ${about}\n  rpc ${rpc.name}(${rpc.input.name}) returns (${answer(rpc)})${levels[rpc.idempotency] ?? ";"}\n`;
  });
  const messages = [...registry].filter((type): type is DescMessage => type.kind === "message" && !type.parent);
  const source = contract.proto ? "src/gateway" : `src/services/${contract.name}/contract.ts`;
  return `// Made by \`npm run generate\` from ${source}.
syntax = "proto3";

package ${pkg};

service ${service.name} {
${rpcs.join("\n")}}
${messages.map((message) => `\n${messageText(message, "")}`).join("")}`;
}

const answer = ({ methodKind, output }: DescMethod): string =>
  methodKind === "server_streaming" ? `stream ${output.name}` : output.name;
const level = (name: string): string => ` {\n    option idempotency_level = ${name};\n  }`;
const levels: Readonly<Record<number, string>> = { 1: level("NO_SIDE_EFFECTS"), 2: level("IDEMPOTENT") };

function messageText(message: DescMessage, indent: string): string {
  const inner = `${indent}  `;
  const { reservedRange, reservedName } = message.proto;
  const nested = message.nestedMessages.map((nestedMessage) => messageText(nestedMessage, inner));
  const reserved =
    reservedName.length === 0
      ? []
      : [
          `${inner}reserved ${reservedRange.map(({ start }) => start).join(", ")};\n${inner}reserved ${reservedName.map((name) => `"${name}"`).join(", ")};\n`,
        ];
  const plain = message.fields
    .filter(({ oneof }) => !oneof)
    .map((field) => fieldText(field, inner))
    .join("");
  const unions = message.oneofs.map(
    (oneof) =>
      `${inner}oneof ${oneof.name} {\n${oneof.fields.map((field) => fieldText(field, `${inner}  `)).join("")}${inner}}\n`,
  );
  const parts = [...nested, ...reserved, ...(plain === "" ? [] : [plain]), ...unions];
  const head = `${indent}message ${message.name} {`;
  return parts.length === 0 ? `${head}}\n` : `${head}\n${parts.join("\n")}${indent}}\n`;
}

function fieldText(field: DescField, indent: string): string {
  const label = field.fieldKind === "list" ? "repeated " : field.proto.proto3Optional ? "optional " : "";
  return `${indent}${label}${typeText(field)} ${field.name} = ${field.number};\n`;
}

/** A nested type by its last name where it is used beside its declaration, else by its whole name in the package. */
function typeText(field: DescField): string {
  const type: DescMessage | DescEnum | undefined = field.message ?? field.enum;
  if (!type) return scalarNames[field.proto.type] ?? "bytes";
  return type.parent === field.parent ? type.name : type.typeName.slice(field.parent.file.proto.package.length + 1);
}
const scalarNames: Readonly<Record<number, string>> = { 1: "double", 3: "int64", 8: "bool", 9: "string", 12: "bytes" };
