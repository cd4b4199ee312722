import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Contract, contract, type Method, plugin, query } from "#kernel";
import { TestGateway } from "#gateway/testing";
import { z } from "zod";
import {
  type Document,
  type Operation,
  operationsOf,
  Platform,
  resolved,
  type Schema,
  type Verb,
} from "../platform/platform.ts";

describe("every route", () => {
  before(async () => {
    await platform.open();
    document = await platform.document();
    operations = operationsOf(document);
    contracts = (await platform.host.host()).contracts;
  });
  after(() => platform[Symbol.asyncDispose]());

  it("declares its callers, rate, input and output (S1.1)", () => {
    let seen = 0;
    for (const { contract, name, method } of routed()) {
      const subject = `${contract.name}.${name}`;
      const { auth, rate, input, output, http = "", kind, errors, summary } = method;
      assert.ok(["public", "user", "moderator", "admin"].includes(auth), subject);
      assert.ok(["read", "write", "costly", "login", "upload", "part", "media"].includes(rate), subject);
      assert.ok(Array.isArray(errors) && summary, subject);
      assert.deepEqual(looseIn(input), [], `${subject} takes anything`);
      assert.deepEqual(looseIn(output), [], `${subject} gives anything`);
      // A command is never a GET: only commands ask where a cookie's request comes from.
      assert.equal(http.startsWith("GET "), kind === "query", subject);
      const isReading = kind === "query" || readingCommands.has(subject);
      assert.ok(isReading || rate !== "read", `${subject} changes things at the rate of reading`);
      seen += 1;
    }
    assert.ok(seen >= 18, `${seen} methods`);
    for (const operation of operations) {
      assert.match(operation["x-auth"] ?? "", /^(?:public|user|moderator|admin)$/, operation.path);
      assert.match(operation["x-rate"] ?? "", /^(?:read|write|costly|login|upload|part|media)$/, operation.path);
    }
  });

  it("is in the document exactly when it answers (S1.2)", async () => {
    const listed = new Set(operations.map(({ verb, path }) => `${verb} ${path}`));
    const wrong: string[] = [];
    const answering = new Set<string>();
    for (const route of platform.app.routes) {
      const [verb = "", url = ""] = route.split(" ");
      // HEAD is GET without its body; the pages of the web app are no API, and the rest of a family's paths is not there.
      if (verb === "HEAD" || url.endsWith("/*")) continue;
      // Listed once, without the slash that some clients send.
      const path = (url === "/" ? url : url.replace(/\/$/, "")).replaceAll(/:(\w+)/g, "{$1}");
      const { status } = await platform.ask(path.replaceAll(/\{\w+\}/g, "1"), { method: verb as Verb }); // It is one of a route.
      if (status === 405) wrong.push(`${verb} ${path}`);
      else answering.add(`${verb} ${path}`);
    }
    const heads = [...listed].filter((route) => route.startsWith("HEAD "));
    for (const route of heads) assert.ok(platform.app.routes.has(route.replaceAll(/\{(\w+)\}/g, ":$1")), route);
    assert.deepEqual([...answering].toSorted(), [...listed].filter((route) => !heads.includes(route)).toSorted());
    assert.deepEqual(
      wrong.filter((route) => listed.has(route)),
      [],
    );
  });

  it("returns no field with the name of a secret, except listed ones (S1.4)", () => {
    const secretNames = new Set<string>();
    for (const operation of operations)
      for (const [, { schema }] of Object.entries(operation.responses["200"]?.content ?? {}))
        for (const field of schema ? fieldsOf(schema, operation.operationId) : []) secretNames.add(field);
    assert.ok(secretNames.size > 60, `${secretNames.size} fields`);
    const suspicious =
      /(?:^|_)(?:pass\w*|secret|hash|token|salt|cookie|session|credential|signature|private|key|kid|sid|iv|pin|otp|sha\d*|md5)(?:_|$)/;
    // The existence of a value is no secret.
    const isListed = (field: string) =>
      suspicious.test(
        field
          .split(".")
          .at(-1)
          // The number of a token of a blockchain is public.
          ?.replace(/^has_.*|^token_id$/, "") ?? "",
      );
    assert.deepEqual(
      [...secretNames].filter((field) => isListed(field)).toSorted(),
      // The tokens of a session, to whom they are made for, and of a link, once; and the hash of one's own file.
      [
        ...[
          "auth.claim",
          "auth.login",
          "auth.loginByPasskey",
          "auth.loginByWallet",
          "auth.refresh",
          "auth.register",
          "auth.secondFactor",
        ].flatMap((method) => [`${method}.data.refresh_token`, `${method}.data.token`]),
        ...["auth.makeToken", "auth.resetLink", "drive.renewShare", "drive.share"].map(
          (method) => `${method}.data.token`,
        ),
        ...["media.get", "media.upload", "upload.complete", "upload.prove", "upload.send", "upload.sendShort"].map(
          (method) => `${method}.data.sha256`,
        ),
        // Fields of a live room: its key if it was just made, to its owner, or else its last characters; and its
        // visibility.
        ...["create", "end", "get", "join.live", "list.list", "ofUser.list", "start", "update"].flatMap((method) => {
          const [name = "", list = ""] = method.split(".");
          const at = `live.${name}.data${list && `.${list}`}`;
          return [`${at}.is_private`, `${at}.stream_key`];
        }),
        ...["search.all.data.lives.list", "search.lives.data.list"].flatMap((at) => [
          `${at}.is_private`,
          `${at}.stream_key`,
        ]),
        "live.resetKey.data.stream_key",
        // The secret of an authenticator app, once; and whether an account has a password.
        "auth.addTotp.data.secret",
        "auth.factors.data.password",
        // Public facts of passkeys, of which neither the key nor the id of the credential is returned.
        "auth.addPasskey.data.passwordless",
        "auth.factors.data.passkeys",
        "auth.factors.data.passkeys.passwordless",
        "auth.renamePasskey.data.passwordless",
        // The ways of signing in that the page offers.
        "auth.providers.data.passkeys",
        "auth.providers.data.password",
        // A time, and the number of a session, which opens nothing.
        "auth.factors.data.password_changed_at",
        "auth.alerts.data.list.session_id",
        // The tokens of runners, to whom they are made for, once.
        "transcoder.addRunnerRegistration.data.token",
        "transcoder.registerRunner.data.runner_token",
        // The public half of the key that push messages are signed with.
        "message.pushKey.data.public_key",
      ].toSorted(),
    );
  });

  it("returns only the listed fields of what its service provides (S1.4)", async () => {
    const row = { name: "Mira", password_hash: "$argon2id$", inner: { a: 1, token: "t" } };
    const listed = z.object({ name: z.string(), inner: z.object({ a: z.int() }) });
    const stand = contract("stand", 1, {
      one: query({ http: "GET /api/v1/one", auth: "public", scope: "any", input: z.object({}), output: listed }),
      all: query({
        http: "GET /api/v1/all",
        auth: "public",
        scope: "any",
        input: z.object({}),
        output: z.object({ items: z.array(listed) }),
      }),
    });
    const handlers = { one: async () => row, all: async () => ({ items: [row], total: 1 }) };
    await using edge = new TestGateway((host) =>
      host.add(plugin({ contract: stand, needs: [], migrations: [], start: () => ({ handlers }) })),
    );
    const shown = { name: "Mira", inner: { a: 1 } };
    assert.deepEqual((await edge.ask("/api/v1/one")).data, shown);
    assert.deepEqual((await edge.ask("/api/v1/all")).data, { list: [shown] });
  });
});

/** These change nothing, and are a `POST` as they are with other systems. */
const readingCommands = new Set(["auth.verify"]);

const platform = new Platform();
let document: Document;
let operations: Operation[];
let contracts: readonly Contract[];

const routed = (): { contract: Contract; name: string; method: Method }[] =>
  contracts.flatMap((contract) =>
    Object.entries(contract.methods)
      .filter(([, { http }]) => http !== undefined)
      .map(([name, method]) => ({ contract, name, method })),
  );

interface Described {
  readonly def: {
    readonly type: string;
    readonly catchall?: unknown;
    readonly innerType?: unknown;
    readonly element?: unknown;
    readonly in?: unknown;
    readonly shape?: Readonly<Record<string, unknown>>;
    readonly options?: readonly unknown[];
  };
}
const precise = ["string", "number", "boolean", "enum", "literal", "null"];

/** Paths in a schema that take anything: `any`, records, objects that keep what they do not list, numbers without end. */
function looseIn(schema: unknown, path = ""): string[] {
  const { def } = schema as Described; // Zod's own description of a schema.
  if (def.shape) {
    const open = def.catchall === undefined ? [] : [`${path}.*`];
    return [...open, ...Object.entries(def.shape).flatMap(([name, field]) => looseIn(field, `${path}.${name}`))];
  }
  if (def.options) return def.options.flatMap((option) => looseIn(option, path));
  const inner = def.innerType ?? def.element ?? def.in;
  if (inner !== undefined) return looseIn(inner, path);
  return precise.includes(def.type) ? [] : [path];
}

/** Dotted names of every field of an answer, through references. */
function fieldsOf(given: Schema, path: string): string[] {
  const { properties = {}, items, anyOf = [] } = resolved(document, given);
  return [
    ...Object.entries(properties).flatMap(([name, inner]) => [
      `${path}.${name}`,
      ...fieldsOf(inner, `${path}.${name}`),
    ]),
    ...[...anyOf, ...(items ? [items] : [])].flatMap((inner) => fieldsOf(inner, path)),
  ];
}
