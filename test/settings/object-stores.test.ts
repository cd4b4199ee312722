import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parseEnv } from "node:util";
import { type S3Place, s3Place } from "#kernel/blob/s3/place";
import { loadConfig } from "../../cmd/compose/config.ts";

const page = join(import.meta.dirname, "../../docs/deploy/object-stores.md");

describe("the samples of docs/deploy/object-stores.md", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-stores-"));
    for (const name of ["s3-access-key", "s3-secret-key"]) await writeFile(join(folder, name), "secret");
    text = await readFile(page, "utf8");
  });
  after(() => rm(folder, { recursive: true }));

  it("are configurations that a server starts with, each with settings and options that exist", () => {
    const blocks = [...text.matchAll(/^```\n([^`]*)\n```$/gm)].map(([, block = ""]) => block);
    assert.equal(blocks.length, 9);
    for (const block of blocks) {
      const { config } = loadConfig([], parseEnv(block.replaceAll("/run/secrets", folder)), folder);
      const urls = [config.blob.url, ...Object.values(config.blob.stores)].filter((url) => url?.startsWith("s3:"));
      assert.equal(urls.length, 1, block);
      for (const url of urls) assert.equal(typeof s3Place(url ?? ""), "object", block);
    }
  });

  it("have the bucket in the host name where a store wants that, and the region of their endpoint", () => {
    const place = (store: string) => {
      const [, url = ""] = new RegExp(`^## ${store}\n\n\`\`\`\nKINORA_BLOB_URL=(\\S+)$`, "m").exec(text) ?? [];
      const { isPathStyle, region } = s3Place(url) as S3Place; // As above.
      return [isPathStyle, region];
    };
    assert.deepEqual(place("Amazon S3"), [false, "eu-west-1"]);
    assert.deepEqual(place("Cloudflare R2"), [true, "auto"]);
    assert.deepEqual(place("MinIO"), [true, "us-east-1"]);
    assert.deepEqual(place("Alibaba Cloud OSS"), [false, "cn-hangzhou"]);
    assert.deepEqual(place("Tencent Cloud COS"), [false, "ap-guangzhou"]);
  });

  it("name no setting that does not exist", async () => {
    const configuration = await readFile(join(page, "../../configuration.md"), "utf8");
    const known = new Set([...configuration.matchAll(/`(KINORA_\w+)`/g)].map(([, name]) => name));
    for (const [, name = ""] of text.matchAll(/\b(KINORA_\w+)/g))
      assert.ok(known.has(name) || known.has(name.replace(/_FILE$/, "")), name);
  });
});

let folder = "";
let text = "";
