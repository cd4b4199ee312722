import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { currentDocument, type Document, operationsOf } from "./document.ts";

/* The errors among the recommended rules of Redocly's linter, as far as this document could break them. */
describe("the OpenAPI document", () => {
  before(async () => {
    document = await currentDocument();
    operations = operationsOf(document);
    assert.ok(operations.length > 200);
  });

  it("has an id of its own for each operation, safe in an address, and a summary", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    assert.deepEqual(
      ids.filter((id, place) => ids.indexOf(id) !== place),
      [],
    );
    for (const id of ids) assert.match(id, /^[\w.~-]+$/);
    for (const { path, operation } of operations) assert.ok(operation.summary, path);
  });

  it("describes a success, a refusal and the security of each operation", () => {
    for (const { verb, path, operation } of operations) {
      const statuses = Object.keys(operation.responses);
      assert.ok(
        statuses.some((status) => /^[23]/.test(status)) && statuses.some((status) => status.startsWith("4")),
        `${verb} ${path}`,
      );
      for (const { description } of Object.values(operation.responses)) assert.ok(description, `${verb} ${path}`);
      assert.ok(operation.security.length > 0, `${verb} ${path}`);
      for (const name of operation.security.flatMap(Object.keys))
        assert.ok(name in document.components.securitySchemes, name);
    }
  });

  it("defines each parameter of a path, each once, and no two paths that are the same", () => {
    const patterns = new Set<string>();
    for (const path of Object.keys(document.paths)) {
      assert.match(path, /^\/(?:$|[^?]*[^/?]$)/);
      const pattern = path.replaceAll(/\{\w+\}/g, "{}");
      assert.ok(!patterns.has(pattern), path);
      patterns.add(pattern);
    }
    for (const { verb, path, operation } of operations) {
      const parameters = (operation.parameters ?? []).map(({ name, in: place }) => `${place} ${name}`);
      assert.equal(new Set(parameters).size, parameters.length, `${verb} ${path}`);
      assert.deepEqual(
        parameters.filter((name) => name.startsWith("path ")).toSorted(),
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${name}`).toSorted(),
        `${verb} ${path}`,
      );
    }
  });

  it("refers to schemas that exist, and has no other ones", () => {
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = ""]) => name));
    assert.deepEqual([...referred].toSorted(), Object.keys(document.components.schemas).toSorted());
  });

  it("names its server and its licence", () => {
    assert.deepEqual(document.servers, [{ url: "/" }]);
    assert.ok(document.info.license.identifier);
  });

  it("accepts `me` where a path takes a user", () => {
    const { parameters = [] } = document.paths["/api/v1/users/{id}"]?.["get"] ?? {};
    assert.deepEqual(parameters[0]?.schema, {
      anyOf: [
        { type: "integer", exclusiveMinimum: 0 },
        { type: "string", const: "me" },
      ],
    });
  });
});

let document: Document;
let operations: ReturnType<typeof operationsOf>;
