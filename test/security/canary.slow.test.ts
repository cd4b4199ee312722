import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { pinoLog } from "#kernel/log/pino";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import {
  type Answered,
  bodyOf,
  clip,
  type Document,
  operationsOf,
  Platform,
  sample,
  takesForm,
} from "../platform/platform.ts";

describe("a secret", () => {
  before(async () => {
    await platform.open();
    document = await platform.document();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("appears in no log line, refusal or metric, wherever a client sends it (S8.3)", async () => {
    const mira = await platform.join(`Canary ${secret} name`.slice(0, 50));
    const response = await platform.upload(
      "/api/v1/videos",
      mira.token,
      { name: `${secret}.mp4`, bytes: await clip("one-frame.mp4") },
      { title: secret, description: secret },
    );
    assert.equal(response.status, 200);
    let sent = 0;
    for (const operation of operationsOf(document)) {
      const { verb, path } = operation;
      const own = path.includes("/users/") ? "me" : String(verb === "DELETE" ? 5 : response.data["id"]);
      const schema = bodyOf(operation);
      const base = schema ? (sample(document, schema) as Record<string, unknown>) : {}; // A body's schema is an object.
      const isBodied = verb !== "GET";
      const token = path.endsWith("/logout") ? (await platform.join()).token : mira.token;
      const ask = async (
        url: string,
        headers: Record<string, string>,
        body: unknown,
        by: string | undefined = token,
      ) => {
        const answer = await platform.ask(url, {
          method: verb,
          headers,
          ...(isBodied && { body }),
          ...(by !== undefined && { token: by }),
        });
        if (answer.status >= 400) keepsQuiet(answer, `${verb} ${url}`);
        sent += 1;
      };
      const url = path.replace("{id}", own);
      for (const query of ["token", "cursor", "q", "password"]) await ask(`${url}?${query}=${secret}`, {}, base);
      for (const [, name = ""] of path.matchAll(/\{(\w+)\}/g))
        await ask(path.replace(`{${name}}`, secret).replaceAll(/\{\w+\}/g, "1"), {}, base);
      for (const header of [
        "cookie",
        "idempotency-key",
        "user-agent",
        "referer",
        "x-forwarded-for",
        "origin",
        "traceparent",
        "host",
        "range",
      ])
        await ask(
          url,
          { [header]: header === "cookie" ? `kinora_access=${secret}; kinora_refresh=${secret}` : secret },
          base,
        );
      for (const authorization of [`Bearer ${secret}`, `Basic ${secret}`, secret])
        await ask(url, { authorization: authorization }, base, "");
      for (const [name, value] of Object.entries(base)) {
        const forms = [secret, `${secret}@example.org`, `https://example.org/${secret}`, { [secret]: secret }];
        for (const form of forms) await ask(url, {}, { ...base, [name]: Array.isArray(value) ? [form] : form });
      }
      if (isBodied)
        for (const raw of [`{"password": "${secret}"`, secret, `"${secret}"`])
          await ask(url, { "content-type": "application/json" }, raw);
      if (takesForm(operation)) {
        const file = { name: `${secret}.html`, bytes: Buffer.from(secret) };
        const answer = await platform.upload(url, mira.token, file, { title: secret });
        // The answer to an accepted file has its name, for its owner.
        if (answer.status >= 400 || answer.body["code"] !== 0) keepsQuiet(answer, url);
      }
    }
    keepsQuiet(await platform.ask(`/api/v1/${secret}/x`), "an unknown path");
    await platform.ask(`/${secret}`);
    keepsQuiet(await platform.ask(`/%zz${secret}`), "a path that cannot be read");
    assert.ok(sent > 300, `${sent} requests`);
    await platform.host.drain();
    await nowhere();
  });

  it("appears in no log line when the database repeats it in an error (S8.3)", async () => {
    const { token } = await platform.join();
    const database = platform.host.database("user");
    const ask = () =>
      platform.ask("/api/v1/users/me", { method: "PUT", token, body: { bio: secret, email: `${secret}@example.org` } });
    const breaks = [
      [
        sql`ALTER TABLE user_profiles ADD CONSTRAINT empty CHECK (bio = '') NOT VALID`,
        sql`ALTER TABLE user_profiles DROP CONSTRAINT empty`,
      ],
      [
        sql`CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.gender := NEW.bio::integer; RETURN NEW; END $$`,
        sql`CREATE TRIGGER spoilt BEFORE UPDATE ON user_profiles FOR EACH ROW EXECUTE FUNCTION spoil()`,
      ],
    ] as const;
    for (const [first, second] of breaks) {
      await first.execute(database);
      if (first === breaks[1][0]) await second.execute(database);
      const before = lines.length;
      const answer = await ask();
      assert.equal(answer.status, 500);
      keepsQuiet(answer, "a failure of our own");
      assert.ok(
        lines.slice(before).some((line) => /"level":"error"/.test(line) && /violates|invalid input syntax/.test(line)),
        "the log says what failed",
      );
      if (first !== breaks[1][0]) await second.execute(database);
    }
    await nowhere();
  });
});

const secret = "Kan4rie7vogel";
const lines: string[] = [];
const metrics = createPrometheusMetrics();
const log = pinoLog({
  level: () => "debug",
  instance: "test",
  version: "0",
  to: { write: (line) => void lines.push(line) },
});
const platform = new Platform({ log, metrics });
let document: Document;

const hidden = new RegExp(secret, "i");
function keepsQuiet({ text, headers }: Answered, subject: string): void {
  assert.doesNotMatch(text, hidden, subject);
  assert.doesNotMatch(JSON.stringify(headers), hidden, subject);
}

async function nowhere(): Promise<void> {
  assert.ok(lines.length > 100, `${lines.length} lines`);
  assert.deepEqual(lines.filter((line) => hidden.test(line)).slice(0, 5), []);
  assert.doesNotMatch((await metrics.text()).body, hidden);
}
