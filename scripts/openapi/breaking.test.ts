import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { breaks } from "./breaking.ts";
import { currentDocument, type Document, type Schema } from "./document.ts";

describe("a change of the public API", () => {
  it("is compatible when it changes nothing, or only adds methods, fields or optional parameters", async () => {
    assert.deepEqual(breaks(base, base), []);
    const more = changed((document) => {
      video(document)["extra"] = { type: "string" };
      document.paths["/videos"]["delete"] = operation("admin");
      body(document).properties["note"] = { type: "string" };
      document.paths["/videos"]["post"].parameters.push({
        name: "page",
        in: "query",
        required: false,
        schema: { type: "integer" },
      });
    });
    assert.deepEqual(breaks(base, more), []);
    const real = await currentDocument();
    assert.deepEqual(breaks(real, real), []);
  });

  it("breaks clients when it removes or changes a route, a field, a type or the required role", () => {
    const refused: readonly (readonly [RegExp, (document: Loose) => unknown])[] = [
      [/POST \/videos is gone/, ({ paths }) => Reflect.deleteProperty(paths["/videos"], "post")],
      [/answer\.data\.title is gone/, (document) => delete video(document)["title"]],
      [/answer\.data\.title was string and is integer/, (document) => (video(document)["title"] = { type: "integer" })],
      [
        /answer\.data\.id was integer and is integer or null/,
        (document) => (video(document)["id"] = { type: ["integer", "null"] }),
      ],
      [
        /answer\.data\.title may be missing now/,
        (document) => (document.components.schemas["Video"].required = ["id"]),
      ],
      [
        /answer\.data\.user\.name is gone/,
        (document) => (video(document)["user"] = { anyOf: [{ type: "object", properties: {} }, { type: "null" }] }),
      ],
      [/the field title is required now/, (document) => (body(document).required = ["title"])],
      [
        /kind does not take b any more/,
        (document) => (body(document).properties["kind"] = { type: "string", enum: ["a"] }),
      ],
      [/title was string and is integer/, (document) => (body(document).properties["title"] = { type: "integer" })],
      [
        /the parameter page is required now/,
        (document) =>
          document.paths["/videos"]["post"].parameters.push({ name: "page", in: "query", required: true, schema: {} }),
      ],
      [/was for user and is for admin/, (document) => (document.paths["/videos"]["post"]["x-auth"] = "admin")],
    ];
    for (const [message, change] of refused) {
      const breakages = breaks(base, changed(change));
      assert.ok(
        breakages.some((problem) => message.test(problem)),
        `${message.source} of: ${breakages.join("; ")}`,
      );
    }
  });

  it("may break clients only when it raises the API version", () => {
    const withoutPath = (version: string) =>
      changed((document) => {
        Reflect.deleteProperty(document.paths, "/videos");
        document.info.version = version;
      });
    assert.deepEqual([breaks(base, withoutPath("1.10.0")), breaks(base, withoutPath("2.0.0"))], [[], []]);
    assert.equal(breaks(base, withoutPath("1.2.9")).length, 1);
    assert.equal(breaks(base, withoutPath("1.9.0")).length, 1);
  });
});

/** A document that can be written to. */
interface LooseOperation {
  "x-auth": string;
  parameters: object[];
  requestBody: { content: Record<string, { schema: { properties: Record<string, Schema>; required: string[] } }> };
}
interface Loose {
  info: { version: string };
  paths: Record<string, Record<string, LooseOperation>> & {
    "/videos": Record<string, LooseOperation> & { post: LooseOperation };
  };
  components: { schemas: { Video: { properties: Record<string, Schema>; required: string[] } } };
}
const video = (document: Loose) => document.components.schemas.Video.properties;
const body = (document: Loose) =>
  document.paths["/videos"].post.requestBody.content["application/json"]?.schema ?? { properties: {}, required: [] };

const operation = (auth: string): LooseOperation =>
  ({
    operationId: "video.create",
    tags: ["video"],
    parameters: [],
    requestBody: {
      content: {
        "application/json": {
          schema: {
            type: "object",
            properties: { title: { type: "string" }, kind: { type: "string", enum: ["a", "b"] } },
            required: [],
          },
        },
      },
    },
    responses: {
      "200": {
        description: "done",
        content: {
          "application/json": {
            schema: { type: "object", properties: { data: { $ref: "#/components/schemas/Video" } } },
          },
        },
      },
    },
    "x-auth": auth,
    "x-rate": "write",
  }) as unknown as LooseOperation; // More than the tests write to.

const base = {
  info: { version: "1.9.0" },
  paths: { "/videos": { post: operation("user") } },
  components: {
    schemas: {
      Video: {
        type: "object",
        properties: {
          id: { type: "integer" },
          title: { type: "string" },
          user: { anyOf: [{ type: "object", properties: { name: { type: "string" } } }, { type: "null" }] },
        },
        required: ["id", "title", "user"],
      },
    },
  },
} as unknown as Document; // As short as a document can be.

function changed(change: (document: Loose) => unknown): Document {
  const copy = structuredClone(base) as unknown as Loose & Document;
  change(copy);
  return copy;
}
