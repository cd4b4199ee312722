import { defaultOf } from "./help.ts";
import type { Roles } from "./roles.ts";
import { configSchema } from "./schema.ts";
import { type Setting, settingsIn } from "./setting.ts";

/** The text of docs/configuration.md, from the same schema that reads the configuration. */
export function configurationDocument(roles: Roles): string {
  const settings = settingsIn(configSchema(roles));
  const rowNames = new Set<string>();
  const rows = settings.filter(({ row }) => row === undefined || (!rowNames.has(row) && rowNames.add(row)));
  return `# Configuration

<!-- Made by \`npm run generate\` from src/kernel/config/schema.ts. -->

Kinora starts without any configuration. A setting comes from, each over the one before: its default, the remote
configuration (\`KINORA_CONFIG_URL\`), \`kinora.yml\` in the data folder, \`.env\` in the working directory, the environment,
the command line. An unknown or impossible setting is an error: the process says which one and ends with exit code 2.

A secret can also be read from a file: set \`<NAME>_FILE\` to its path. Durations are written as \`15m\`, \`12h\`, \`30d\`,
sizes as \`500 MB\`, \`20 GiB\`, lists with commas (in the file also as YAML lists). A setting marked *Reloaded* is applied
by running processes when it changes in the remote configuration; others are at the next start.

\`\`\`yaml
# kinora.yml
server:
  port: 9000
  trustedProxies: [10.0.0.0/8]
upload:
  quotaBytes: 50 GiB
\`\`\`

| in the file | environment | flag | default | meaning |
|---|---|---|---|---|
${rows.map(rowOf).join("\n")}
`;
}

function rowOf(setting: Setting): string {
  const key = setting.row === undefined ? setting.keys.join(".") : `${setting.keys.slice(0, -1).join(".")}.<service>`;
  const file = key === "data" ? "–" : `\`${key}\``;
  const meaning = `${setting.meaning}${setting.secret ? " *Secret.*" : ""}${setting.reload ? " *Reloaded.*" : ""}`;
  const value = defaultOf(setting);
  const otherwise = setting.otherwise === undefined && value !== "" ? `\`${value}\`` : value || "none";
  const cells = [
    file,
    setting.row ?? `\`${setting.env}\``,
    setting.flag ? `\`${setting.flag}\`` : "–",
    otherwise,
    meaning,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
