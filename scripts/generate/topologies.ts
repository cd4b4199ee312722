import { z } from "zod";
import { companions, roles } from "../../cmd/services.ts";
import { TopologyFile } from "../../cmd/topology/schema.ts";
import { type Topology, readTopology, topologyNames } from "../../cmd/topology/topology.ts";
import type { Generate } from "../generate.ts";

export const generate: Generate = () => ({
  "docs/topologies.md": topologiesDocument(),
  "deploy/topology.schema.json": `${JSON.stringify(z.toJSONSchema(TopologyFile, { io: "input" }), null, 2)}\n`,
});

function topologiesDocument(): string {
  const companionRows = Object.entries(companions).map(([name, service]) => `\`${name}\` with \`${service}\``);
  const aliasRows = Object.entries(roles.aliases).map(([alias, name]) => `| \`${alias}\` | \`${name}\` |`);
  const keys = Object.entries(z.toJSONSchema(TopologyFile.shape.processes.element, { io: "input" }).properties ?? {});
  const keyRows = keys.flatMap(([key, about]) =>
    typeof about === "object" ? [`| \`${key}\` | ${about.description ?? ""} |`] : [],
  );
  return `# Topologies

<!-- Made by \`npm run generate\` from deploy/topologies, cmd/topology/schema.ts and cmd/services.ts. -->

A topology is a file of [deploy/topologies](../deploy/topologies): which services share a process, and the ports of each
process. [operate.md](operate.md#several-processes-on-one-machine) says how to start one on a machine.

| topology | processes | purpose |
|---|---|---|
${topologyNames().map(readTopologyNamed).map(summaryOf).join("\n")}

A companion is named nowhere and runs where its service does: ${companionRows.join(", ")}.

${topologyNames().map(readTopologyNamed).map(sectionOf).join("\n\n")}

## A file of your own

A path such as \`./my.json\` stands wherever a name does. A file that names a service twice, forgets one, or gives two
processes one port is refused with exit code 2. An editor that knows JSON schemas checks it by
[topology.schema.json](../deploy/topology.schema.json).

| key of a process | meaning |
|---|---|
${keyRows.join("\n")}

## Names of older systems

These names are accepted wherever a service is named: in \`--services\`, addresses of the registry, files of topologies
and commands.

| name | service |
|---|---|
${aliasRows.join("\n")}
`;
}

const readTopologyNamed = (name: string): Topology => readTopology(name);

const summaryOf = ({ name, meaning, processes }: Topology): string =>
  `| [\`${name}\`](#${name}) | ${processes.length} | ${meaning} |`;

function sectionOf({ name, processes }: Topology): string {
  const rows = processes.map(
    (process) =>
      `| ${process.name} | ${process.port} | ${process.rpcPort ?? "–"} | ${process.services.map((service) => `\`${service}\``).join(", ")} |`,
  );
  return `## ${name}\n\n| process | HTTP | RPC | services |\n|---|---|---|---|\n${rows.join("\n")}`;
}
