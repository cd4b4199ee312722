import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeContract } from "#kernel/rpc/wire/contract-descriptor";
import { type Lock, packageOf } from "#kernel/rpc/wire/lock";
import { assertCompiledAlike, assertRoundTrips } from "#kernel/rpc/testing";
import { z } from "zod";
import { facadeContracts } from "#gateway/compat/contracts";
import { bus } from "#kernel/rpc/bus";
import lock from "../../api/contracts.lock.json" with { type: "json" };
import { loadContracts } from "../../cmd/services.ts";

const all = [...(await loadContracts()), bus, ...facadeContracts];

describe("the contracts", () => {
  it("keep generated values of every method unchanged through protobuf", () => {
    const methods = all.reduce((sum, contract) => sum + assertRoundTrips(contract), 0);
    assert.ok(methods > 40, `only ${methods} methods were looked at`);
  });

  it("are checked by compiled schemas as by the schemas themselves, without undeclared fields", () => {
    const schemas = all.reduce((sum, contract) => sum + assertCompiledAlike(contract), 0);
    assert.ok(schemas > 80, `only ${schemas} schemas were looked at`);
  });

  it("refuse pictures at addresses that browsers read as another host, and passwords in addresses", () => {
    const pictures = fieldsOf(/^(?:avatar|backgroundImage|coverUrl)$/);
    assert.ok(pictures.size >= 8, [...pictures.keys()].join());
    const pages = fieldsOf(/^homepage$/);
    for (const [name, field] of [...pictures, ...pages]) {
      assert.ok(field.safeParse("https://example.org/a@b.png").success, name);
      for (const address of ["//evil.example/a.png", "/\\evil.example", "https://user:password@evil.example/a.png"])
        assert.ok(!field.safeParse(address).success, `${name} takes ${address}`);
    }
    const links = fieldsOf(/^links$/)
      .values()
      .next().value;
    for (const [url, isTaken] of [
      ["https://example.org/", true],
      ["https://user:password@evil.example/", false],
    ] as const)
      assert.equal(links?.safeParse([{ title: "My page", url }]).success, isTaken, url);
  });

  it("refuse line breaks and control characters in names and titles of one line", () => {
    const names = [
      "instance.update name",
      "instance.update contact",
      "user.update nickname",
      "user.update city",
      "auth.register nickname",
      "live.create title",
      "live.update title",
      "live.addProduct name",
      "live.updateProduct name",
      "live.createClip title",
      "video.createPlaylist title",
      "interaction.makeFolder name",
    ];
    const fields = fieldsOf(/^(?:name|title|nickname|contact|city)$/);
    for (const name of names)
      for (const [text, isTaken] of [
        ["Harbour at night", true],
        ["Harbour\r\nBcc: a@evil.example", false],
        ["Harbour\u0000", false],
      ] as const)
        assert.equal(fields.get(name)?.safeParse(text).success, isTaken, `${name}: ${JSON.stringify(text)}`);
  });

  it("have their field numbers in the lock file", () => {
    const locked: Lock = lock;
    for (const contract of all)
      assert.ok(describeContract(contract, locked).service.methods.length > 0, packageOf(contract));
  });
});

interface Field {
  readonly safeParse: (value: unknown) => { readonly success: boolean };
}
/** The fields of public inputs with such a name, by `service.method field`. */
function fieldsOf(named: RegExp): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const { name: service, methods } of all)
    for (const [method, { input, http }] of Object.entries(methods)) {
      if (http === undefined || !(input instanceof z.ZodObject)) continue;
      const shape: Readonly<Record<string, Field>> = input.shape;
      for (const [field, schema] of Object.entries(shape))
        if (named.test(field)) fields.set(`${service}.${method} ${field}`, schema);
    }
  return fields;
}
