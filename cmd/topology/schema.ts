import { z } from "zod";

/** Stands for every service that no other process of the file names. */
export const remainingServices = "*";

const port = z.int().min(1).max(65_535);
const processName = /^[a-z][a-z0-9-]{0,30}$/;

const TopologyProcess = z.strictObject({
  name: z
    .string()
    .regex(processName, { error: "must be lower-case letters, digits and hyphens" })
    .describe("Name of the process, in logs and commands."),
  services: z
    .array(z.string().min(1))
    .min(1)
    .describe("Services that share the process, `gateway` among them; `*` is every service that no other one names."),
  port: port.describe("Port of HTTP: the public one of the gateway, health and metrics of the others."),
  rpcPort: port.optional().describe("Port for gRPC and calls between processes; a process alone needs none."),
  settings: z
    .record(z.string().regex(/^KINORA_[A-Z0-9_]+$/), z.string(), {
      error: "must be names such as KINORA_MEDIA_WORKERS with texts",
    })
    .default({})
    .describe("Further settings of this process, below those of the environment. No secrets."),
  replicas: z.int().min(1).max(64).default(1).describe("How many of it an orchestrator runs; one machine runs one."),
});

/** A file of `deploy/topologies`: the services that share a process, and the ports of each process. */
export const TopologyFile = z.strictObject({
  $schema: z.string().optional(),
  meaning: z.string().min(1).max(200).describe("One sentence for operators."),
  memory: z.enum(["usual", "small"]).default("usual").describe("`small` lets V8 prefer memory over speed."),
  processes: z.array(TopologyProcess).min(1).max(100),
});
export type TopologyFile = z.output<typeof TopologyFile>;
export type TopologyProcess = TopologyFile["processes"][number];
