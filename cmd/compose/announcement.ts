import { networkInterfaces } from "node:os";
import type { Config } from "../../src/kernel/config/load.ts";
import { ownAddressOf } from "../../src/kernel/config/public-address.ts";
import type { Log } from "../../src/kernel/log/port.ts";

interface Announcement {
  readonly config: Config;
  readonly port: number;
  readonly firstRunToken: string | undefined;
  readonly readyMs: number;
  readonly log: Log;
}

/** The format of the log's lines. */
export const logFormatOf = ({ telemetry: { logFormat } }: Config): "json" | "pretty" =>
  logFormat !== "auto" ? logFormat : process.stdout.isTTY ? "pretty" : "json";

/** Says where it runs, how to reach it from another device, and how to make the first administrator. */
export async function announce({ config, port, firstRunToken, readyMs, log }: Announcement): Promise<void> {
  const { host, publicUrl, tlsCert } = config.server;
  const scheme = tlsCert === undefined ? "http" : "https";
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const here = publicUrl ?? ownAddressOf(config.server, port);
  const lines = [`Kinora is ready at ${here}`];
  const otherAddresses = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => `${scheme}://${address}:${port}`);
  if (isEverywhere && otherAddresses.length > 0) lines.push(`  from another device: ${otherAddresses.join("  ")}`);
  else if (!isEverywhere)
    lines.push("  from another device: start it with --host 0.0.0.0 (see docs/operate.md about TLS first)");
  if (firstRunToken !== undefined) lines.push(`  make the administrator: ${here}/first-run?token=${firstRunToken}`);
  // For people; the log line beside it is for programs and carries no link. Standard output is JSON alone for programs.
  const stream = logFormatOf(config) === "pretty" ? process.stdout : process.stderr;
  stream.write(`${lines.join("\n")}\n`);
  log.info("ready", { port, durationMs: Math.round(readyMs) });
}
