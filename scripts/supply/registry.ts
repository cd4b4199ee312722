import { execFile } from "node:child_process";
import { z } from "zod";
import type { Package } from "./lock.ts";

/** The verdict on packages; `unasked` where the registry could not be asked, which says nothing about them. */
export interface Verdict {
  readonly name: string;
  readonly state: "ok" | "bad" | "unasked";
  readonly says: string;
}

const askMsMax = 120_000;
const bytesMax = 64 * 2 ** 20;

/** With `--omit=dev` npm 11 leaves out packages that an installation has and a tool needs too, so all are in it. */
export const sbom = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"] as const;

/** The standard output of npm; it also ends with 1 where it found something, so its code adds nothing. */
export function npm(args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, timeout: askMsMax, maxBuffer: bytesMax };
  // The tries an installation makes are for bytes it must have; a registry that does not answer is an answer here.
  return new Promise((resolve) =>
    execFile("npm", [...args, "--fetch-retries=0"], options, (_, stdout) => resolve(stdout)),
  );
}

const Failed = z.union([
  z.object({ message: z.string().min(1) }),
  z.object({ error: z.object({ summary: z.string() }) }).transform(({ error }) => ({ message: error.summary })),
]);
const Known = z.object({
  metadata: z.object({ vulnerabilities: z.object({ high: z.number(), critical: z.number(), total: z.number() }) }),
});

/** `npm audit --json`: no known vulnerability that is high or critical (security S8.1). */
export function checkVulnerabilities(text: string): Verdict {
  const name = "known vulnerabilities";
  const parsed = read(text);
  const { data } = Known.safeParse(parsed);
  if (data === undefined) return unaskedVerdict(name, parsed);
  const { high, critical, total } = data.metadata.vulnerabilities;
  const state = high + critical > 0 ? "bad" : "ok";
  return { name, state, says: `${critical} critical, ${high} high, ${total} in all` };
}

const Wrong = z.object({ name: z.string(), version: z.string() });
const Signed = z.object({ invalid: z.array(Wrong), missing: z.array(Wrong) });

/** `npm audit signatures --json`: the registry signed every package that is installed (security S8.1). */
export function checkSignatures(text: string): Verdict {
  const name = "signatures";
  const parsed = read(text);
  const { data } = Signed.safeParse(parsed);
  if (data === undefined) return unaskedVerdict(name, parsed);
  const list = (packages: z.infer<typeof Wrong>[]) =>
    packages.map((wrong) => `${wrong.name}@${wrong.version}`).join(", ");
  const { invalid, missing } = data;
  if (invalid.length + missing.length === 0) return { name, state: "ok", says: "every package is signed" };
  return { name, state: "bad", says: `invalid: ${list(invalid) || "none"}; missing: ${list(missing) || "none"}` };
}

const Bom = z.object({
  bomFormat: z.literal("CycloneDX"),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })).optional(),
      licenses: z.array(z.unknown()).optional(),
    }),
  ),
});

/**
 * `npm sbom`: it names every package of the lockfile by version and hash, and by licence what is shipped (security S8.1).
 * A package for tests alone may lack the field in its metadata: its licence was read elsewhere.
 */
export function checkBom(text: string, packages: readonly Package[]): Verdict {
  const name = "bill of materials";
  const { data } = Bom.safeParse(read(text));
  if (data === undefined) return { name, state: "bad", says: "npm made no CycloneDX document" };
  const hashed = data.components.filter(({ hashes }) => hashes?.some(({ alg }) => alg === "SHA-512"));
  const licensed = new Map(
    hashed.map((component) => [`${component.name}@${component.version}`, (component.licenses?.length ?? 0) > 0]),
  );
  const missing = packages.filter((entry) => {
    const isLicensed = licensed.get(`${entry.name}@${entry.version ?? ""}`);
    return isLicensed === undefined || (!isLicensed && entry.dev !== true);
  });
  if (missing.length > 0 || packages.length === 0) {
    const names = missing.slice(0, 5).map((entry) => `${entry.name}@${entry.version ?? ""}`);
    return { name, state: "bad", says: `not in it: ${names.join(", ") || "any package"}` };
  }
  return {
    name,
    state: "ok",
    says: `${licensed.size} packages by version and hash, those that are shipped by licence`,
  };
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without the registry's address: it is nobody's business but that machine's. */
function unaskedVerdict(name: string, parsed: unknown): Verdict {
  const { data } = Failed.safeParse(parsed);
  const words = data?.message ?? "npm said nothing";
  return { name, state: "unasked", says: words.replaceAll(/\S*:\/\/\S*/g, "the registry") };
}
