import { BlockList, isIP } from "node:net";
import { z } from "zod";
import { s3Place } from "../blob/s3/place.ts";
import { type Roles, resolveAlias } from "./roles.ts";

/** A schema whose value may also be written as text, as the environment and the command line do. */
const fromText = <T extends z.ZodType>(read: (text: string) => unknown, schema: T) =>
  z.preprocess((value) => (typeof value === "string" ? read(value.trim()) : value), schema);

const number = (text: string): unknown => (/^-?\d+$/.test(text) ? Number(text) : text);
/** A number from `min` to `max`, also with a fraction. */
export const decimal = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  const read = (text: string): unknown => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  return fromText(read, z.number({ error }).min(min, { error }).max(max, { error }));
};
/** A whole number from `min` to `max`. */
export const whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return fromText(number, z.int({ error }).min(min, { error }).max(max, { error }));
};
/** 0 means off, or a port chosen by the system, as the setting says. */
export const port = whole(0, 65_535);

/** A first and a last port, such as `50000-50250`. */
export const portRange = (() => {
  const error = "must be a first and a higher last port, such as `50000-50250`";
  const number = z.int({ error }).min(1_024, { error }).max(65_535, { error });
  const read = (text: string): unknown => {
    const [, first, last] = /^(\d{4,5})-(\d{4,5})$/.exec(text) ?? [];
    return first === undefined ? text : [Number(first), Number(last)];
  };
  const ports = z.tuple([number, number], { error });
  return fromText(
    read,
    ports.refine(([first, last]) => first < last, { error }),
  );
})();

const words = new Map(
  Object.entries({ on: true, true: true, yes: true, 1: true, off: false, false: false, no: false, 0: false }),
);
/** On or off. */
export const onOff = fromText(
  (text) => words.get(text.toLowerCase()) ?? text,
  z.boolean({ error: "must be `on` or `off`" }),
);

const scaleBy = (units: Readonly<Record<string, number>>) => (text: string) => {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text) ?? [];
  const factor = units[(unit ?? "").toLowerCase()];
  return amount === undefined || factor === undefined ? text : Math.round(Number(amount) * factor);
};
const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];
/** Milliseconds, from a number of them or text such as `15m`, `12 h`, `30 d`. */
export const duration = (min: number, max: number) => {
  const error = "must be a duration such as `15m`, `12h` or `30d`, within its limits";
  const units = { "": 1, ms: 1, s: second, m: minute, min: minute, h: hour, d: day };
  return fromText(scaleBy(units), z.int({ error }).min(min, { error }).max(max, { error }));
};
/** As {@link duration}; 0, also written `off`, turns it off. */
export const durationOrOff = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && value.trim().toLowerCase() === "off" ? 0 : value),
    duration(0, max).refine((ms) => ms === 0 || ms >= min, {
      error: "must be `off` or a duration such as `7d`, within its limits",
    }),
  );
export const inMs = { second, minute, hour, day };
/** Bytes, from a number of them or text such as `500 MB`, `20 GiB`. */
export const size = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const error = "must be a size such as `500 MB` or `20 GiB`, within its limits";
  const decimal = { "": 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };
  const units = { ...decimal, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 };
  return fromText(scaleBy(units), z.int({ error }).min(min, { error }).max(max, { error }));
};

const parts = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
/** A list, also written with commas. */
export const list = <T extends z.ZodType>(item: T) => fromText(parts, z.array(item).max(1_000));

/** Not empty, of one line. */
export const line = z
  .string()
  .min(1)
  .max(4_096)
  .regex(/^[^\r\n\0]*$/, { error: "must be one line" });

/** A document of JSON as text; the file may have it as YAML. */
export const jsonText = z.preprocess(
  (value) => (typeof value === "object" && value !== null ? JSON.stringify(value) : value),
  z.string().max(100_000).refine(isJson, { error: "must be JSON" }),
);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isRange = (text: string): boolean => {
  const [address = "", bits, ...furtherParts] = text.split("/");
  const version = isIP(address);
  if (version === 0 || furtherParts.length > 0) return false;
  if (bits === undefined) return true;
  try {
    new BlockList().addSubnet(address, /^\d+$/.test(bits) ? Number(bits) : -1, version === 6 ? "ipv6" : "ipv4");
    return true;
  } catch {
    return false;
  }
};
/** An address or a range of addresses, such as `10.0.0.0/8`. */
export const addressRange = z.string().refine(isRange, { error: "must be an address or a range such as `10.0.0.0/8`" });

/** A URL of one of these schemes (with their colon). */
export const url = (...schemes: readonly string[]) =>
  line.refine((text) => schemes.includes(URL.parse(text)?.protocol ?? ""), {
    error: `must be a URL that begins with ${schemes.join(" or ")}`,
  });

interface Mailbox {
  readonly name?: string;
  readonly address: string;
}
const mailAddress = z.email().max(254);
/** An e-mail address, alone or as `Name <address>`, where the name may be in double quotes (RFC 5322 §3.4). */
export const mailbox = line.max(400).transform((text, context): Mailbox => {
  const [, quoted, plain, inBrackets] = /^(?:"([^"\\]*)"|([^"<>]*?))\s*<([^<>]*)>$/.exec(text) ?? [];
  const name = (quoted ?? plain ?? "").trim();
  const address = inBrackets ?? text;
  if (!mailAddress.safeParse(address).success) {
    context.addIssue({ code: "custom", message: "must be an e-mail address, alone or as `Name <address>`" });
    return z.NEVER;
  }
  return { address, ...(name !== "" && { name }) };
});

/** An origin as browsers send it, or `*`. */
export const origin = line.refine((text) => text === "*" || URL.parse(text)?.origin === text, {
  error: "must be an origin such as `https://app.example`, or `*`",
});

/** A secret that cannot be guessed: at least 32 characters that are not a pattern (security: no known or short one). */
export const strongSecret = line
  .min(32, { error: "must have at least 32 characters" })
  .refine((text) => new Set(text).size >= 10, { error: "must be random: it repeats a few characters" })
  .refine((text) => !/change.?me|secret|password|example|kinora|1234567|abcdefg/i.test(text), {
    error: "must be random: it contains a word everybody tries",
  });

/** The address of a store for files: `file:…` or `s3://…`. */
export const storeUrl = url("file:", "s3:").superRefine((text, context) => {
  const wrong = text.startsWith("s3:") ? s3Place(text) : undefined;
  if (typeof wrong === "string") context.addIssue({ code: "custom", message: wrong });
});

/** Values by names, also written `name=value,name=value`; `error` says what both may be. */
export const namedValues = <T extends z.ZodType>(name: RegExp, value: T, error: string) => {
  const entries = (text: string): unknown => {
    const matches = parts(text).map((part) => /^([^=]*)=(.*)$/s.exec(part));
    const names = new Set(matches.map((match) => match?.[1]));
    return matches.includes(null) || names.size < matches.length
      ? text
      : Object.fromEntries(matches.map((match) => [match?.[1], match?.[2]]));
  };
  return fromText(entries, z.record(z.string().regex(name, { error }), value, { error }));
};

const endpoint = z.string().regex(/^(?:\[[0-9a-f:]+\]|[a-z0-9.-]+):\d{1,5}$/i);
const pairs = (text: string): unknown => {
  const all: Record<string, string[]> = {};
  for (const pair of parts(text)) {
    const [name = "", address] = pair.split("=");
    if (address === undefined) return text;
    (all[name] ??= []).push(address);
  }
  return all;
};
/** The same map with the addresses of aliases at the names that they stand for. */
const withoutAliases = (value: unknown, aliases: Roles["aliases"]): unknown => {
  const { data } = z.record(z.string(), z.array(z.unknown())).safeParse(value);
  if (data === undefined) return value;
  const all: Record<string, unknown[]> = {};
  for (const [name, addresses] of Object.entries(data)) (all[resolveAlias(aliases, name)] ??= []).push(...addresses);
  return all;
};
/** An address with `{service}` in place of a service's name. */
export const pattern = line.regex(/^[a-z0-9.{}-]*\{service\}[a-z0-9.{}-]*:\d{1,5}$/i, {
  error: "must be a pattern such as `{service}.kinora.svc:19090`",
});

/** `http:` and `https:` URLs, also written with commas. */
export const webUrls = fromText(parts, z.array(url("http:", "https:")).min(1).max(100));

/** The addresses of each service: `video=10.0.0.2:9002,video=10.0.0.3:9002,user=10.0.0.2:9001`, or a map of lists. */
export const endpoints = ({ names, aliases }: Roles) => {
  const error = "must be a list such as `video=10.0.0.2:9002,user=10.0.0.2:9001`, of services that exist";
  const addresses = z.partialRecord(z.enum(names), z.array(endpoint, { error }).min(1), { error });
  return fromText(
    pairs,
    z.preprocess((value) => withoutAliases(value, aliases), addresses),
  );
};

/** True for a host that only this machine reaches. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
