import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { after, before, describe, it } from "node:test";
import { TestEmbeddings } from "#test/embeddings/server";
import { loadConfig } from "../../cmd/compose/config.ts";
import { embeddingsCheck } from "../../cmd/doctor/embeddings.ts";

const server = new TestEmbeddings();
const looked = (environment: Record<string, string>) => embeddingsCheck(loadConfig([], environment, tmpdir()).config);
const said = async (model: string) =>
  (await looked({ KINORA_EMBEDDINGS_URL: server.url, KINORA_EMBEDDINGS_MODEL: model })).map(
    ({ state, says }) => `${state}: ${says}`,
  );

describe("the doctor's look at the embedding model", () => {
  before(() => server.start());
  after(() => server.stop());

  it("says nothing where none is configured", async () => {
    assert.deepEqual(await looked({}), []);
  });

  it("says how long its vectors are, or why it makes none, and no key", async () => {
    const at = new URL(server.url).host;
    assert.deepEqual(await said("small"), [`ok: small at ${at} answers with vectors of 256 numbers`]);
    const [unknown = ""] = await said("other");
    assert.match(unknown, /^warn: other at .* cannot be used: .* 404: .*model .*other.* not found/);
    server.authorization = "Bearer right";
    const [refused] = await looked({
      KINORA_EMBEDDINGS_URL: server.url,
      KINORA_EMBEDDINGS_MODEL: "small",
      KINORA_EMBEDDINGS_API_KEY: "wr0ng",
    });
    assert.match(refused?.says ?? "", /401/);
    assert.doesNotMatch(JSON.stringify(refused), /wr0ng/);
    assert.match(refused?.mend ?? "", /KINORA_EMBEDDINGS_MODEL/);
    await server.stop();
    const [away = ""] = await said("small");
    assert.match(away, /^warn: small at .* cannot be used: ./);
    await server.start();
  });
});
