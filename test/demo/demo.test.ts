import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { startOnTemplate } from "../instance/template.ts";

const root = pathToFileURL(join(import.meta.dirname, "../../")).href;
/** Prints the address of every module that the server loads. */
const recorder = `
  import { registerHooks } from "node:module";
  registerHooks({
    load(url, context, next) {
      console.error("loaded " + url);
      return next(url, context);
    },
  });
`;

describe("a server without demo content", () => {
  it("loads the service but no file of demo/", async () => {
    const record = `--import=data:text/javascript,${encodeURIComponent(recorder)}`;
    await using instance = await startOnTemplate({ env: { NODE_OPTIONS: record } });
    const loaded = instance.log
      .filter((line) => line.startsWith(`loaded ${root}`))
      .map((line) => line.slice(`loaded ${root}`.length));
    assert.ok(loaded.includes("src/services/demo/plugin.ts"), `${loaded.length} files`);
    assert.deepEqual(
      loaded.filter((path) => path.startsWith("demo/")),
      [],
    );
  });
});
