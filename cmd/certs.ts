import { X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { KeyPair } from "../src/kernel/certificates/authority.ts";
import { AuthorityFolder, type Issued } from "./certs/folder.ts";
import { roleNames } from "./services.ts";

const usage = `npm run certs -- init|issue|renew|show [NAME …] --out FOLDER [--all] [--days N] [--hosts LIST] [--force]

A small certificate authority for TLS between the processes of a fleet (KINORA_RPC_TLS_CERT and the others). Every
other authority works instead. FOLDER has its key: keep it away from the machines that Kinora runs on.

  init          makes the authority: ca.pem and ca-key.pem, for 3650 days
  issue NAME …  makes FOLDER/NAME with cert.pem, key.pem and ca.pem, for 365 days. A process has the name kinora or that
                of a service; any other name is for a foreign gRPC client
  renew         renews certificates that end within 30 days, or the named ones: with new keys, in the same files
  show          prints the authority and its certificates, and when they end

  --all         with issue: one for the gateway and each service; with renew: all certificates
  --days N      how long a new certificate is in force
  --hosts LIST  with issue: host names and addresses, with commas, by which foreign clients reach it
  --force       with init and issue: replaces what is there

Exit codes: 0 done · 1 not possible · 2 wrong arguments`;

const dayMs = 24 * 3_600_000;
const authorityDays = 3_650;
const certificateDays = 365;
const renewedDays = 30;
/** A label of a host name (RFC 1123 §2.1), which is also the name of a folder. */
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const host = /^[a-z0-9.:-]{1,253}$/i;

type Output = Pick<Console, "log" | "error">;

interface Options {
  readonly command: string;
  readonly names: readonly string[];
  readonly folder: AuthorityFolder;
  readonly all: boolean;
  readonly days: number | undefined;
  readonly hosts: readonly string[];
  readonly force: boolean;
}

/** The reason why the command cannot be executed, for its user. */
class NotPossible extends Error {}

const commands: Readonly<Record<string, (options: Options, say: (text: string) => void) => Promise<void>>> = {
  init,
  issue,
  renew,
  show,
};

/** For the operator of a fleet: it needs no database and no server. Yields the exit code. */
export async function certs(argv: readonly string[], _: NodeJS.ProcessEnv, { log, error }: Output): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    log(usage);
    return 0;
  }
  const options = parseOptions(argv);
  if (typeof options === "string") {
    error(`${options}\n\n${usage}`);
    return 2;
  }
  try {
    await commands[options.command]?.(options, log);
    return 0;
  } catch (reason) {
    if (!(reason instanceof NotPossible)) throw reason;
    error(reason.message);
    return 1;
  }
}

/** Yields what is wrong as text. */
function parseOptions(argv: readonly string[]): Options | string {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], allowPositionals: true, options: flags });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  const [command = "", ...names] = positionals;
  const { out, all = false, force = false } = values;
  const days = values.days === undefined ? undefined : Number(values.days);
  const hosts = (values.hosts ?? "").split(",").filter((name) => name !== "");
  if (!Object.hasOwn(commands, command)) return "say what to do: init, issue, renew or show";
  if (out === undefined) return "say where the authority is: --out FOLDER";
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= 36_500))
    return "--days must be a whole number from 1 to 36500";
  const wrong = names.find((name) => !label.test(name)) ?? hosts.find((name) => !host.test(name));
  if (wrong !== undefined) return `${wrong} cannot be a name: letters, digits and hyphens are possible`;
  if (names.length > 0 && (all || command === "init" || command === "show")) return `${command} takes no names here`;
  if (command === "issue" && names.length === 0 && !all) return "say for which names, such as kinora, or --all";
  return { command, names, folder: new AuthorityFolder(resolve(out)), all, days, hosts, force };
}

const flags = {
  out: { type: "string" },
  days: { type: "string" },
  hosts: { type: "string" },
  all: { type: "boolean" },
  force: { type: "boolean" },
} as const;

async function init({ folder, days = authorityDays, force }: Options, say: (text: string) => void): Promise<void> {
  if (!force && (await folder.hasAuthority()))
    throw new NotPossible("there is an authority already: --force replaces it, and ends what it has signed");
  const { createAuthority } = await import("../src/kernel/certificates/authority.ts");
  const authority = await createAuthority("Kinora fleet", { days, nowMs: Date.now() });
  await folder.writeAuthority(authority);
  say(`the authority is in force until ${dayOf(new X509Certificate(authority.cert))}`);
}

async function issue({ folder, names, all, days, hosts, force }: Options, say: (text: string) => void): Promise<void> {
  const authority = await authorityIn(folder);
  const chosen = all ? roleNames : names;
  for (const name of chosen)
    if (!force && (await folder.certificate(name)))
      throw new NotPossible(`there is a certificate ${name} already: renew it, or --force replaces it`);
  for (const name of chosen) await makeCertificate(folder, authority, [name, ...hosts], days, say);
}

async function renew({ folder, names, all, days }: Options, say: (text: string) => void): Promise<void> {
  const authority = await authorityIn(folder);
  const issued = await folder.certificates();
  const missing = names.find((name) => !issued.some((certificate) => certificate.name === name));
  if (missing !== undefined) throw new NotPossible(`there is no certificate ${missing}`);
  const isDue = ({ name, certificate }: Issued) =>
    all || names.includes(name) || (names.length === 0 && daysLeft(certificate) < renewedDays);
  const due = issued.filter(isDue);
  for (const { name, certificate } of due)
    await makeCertificate(folder, authority, [name, ...hostsOf(certificate, name)], days, say);
  if (due.length === 0) say(`no certificate ends within ${renewedDays} days`);
}

async function show({ folder }: Options, say: (text: string) => void): Promise<void> {
  const authority = await authorityIn(folder);
  const signer = new X509Certificate(authority.cert);
  say(`authority: ${stateOf(signer)}, SHA-256 ${signer.fingerprint256}`);
  for (const { name, certificate } of await folder.certificates()) {
    const isSigned = certificate.checkIssued(signer) && certificate.verify(signer.publicKey);
    const use = name === "kinora" || roleNames.includes(name) ? "a process" : "a foreign client";
    say(`${name}: for ${use}, ${isSigned ? stateOf(certificate) : "of an authority before this one: renew it"}`);
  }
}

async function makeCertificate(
  folder: AuthorityFolder,
  authority: KeyPair,
  names: readonly [string, ...string[]],
  days = certificateDays,
  say: (text: string) => void,
): Promise<void> {
  const { issueCertificate } = await import("../src/kernel/certificates/authority.ts");
  const pair = await issueCertificate(authority, names, { days, nowMs: Date.now() });
  await folder.write(names[0], pair, authority.cert);
  say(`${names[0]} is in force until ${dayOf(new X509Certificate(pair.cert))}`);
}

async function authorityIn(folder: AuthorityFolder): Promise<KeyPair> {
  const authority = await folder.authority();
  if (!authority) throw new NotPossible("there is no authority in this folder: npm run certs -- init makes one");
  return authority;
}

/** The host names and addresses beside the name, of our own certificates. */
const hostsOf = ({ subjectAltName = "" }: X509Certificate, name: string): string[] =>
  subjectAltName
    .split(", ")
    .map((entry) => entry.replace(/^(?:DNS|IP Address):/, ""))
    .filter((entry) => entry !== name && entry !== "");

const daysLeft = ({ validToDate }: X509Certificate): number => (validToDate.getTime() - Date.now()) / dayMs;
const dayOf = ({ validToDate }: X509Certificate): string => validToDate.toISOString().slice(0, 10);

function stateOf(certificate: X509Certificate): string {
  const days = Math.round(daysLeft(certificate));
  return days < 0 ? `ended on ${dayOf(certificate)}` : `in force until ${dayOf(certificate)} (${days} days)`;
}
