import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CheckoutImage, contextFiles, root, settingsIn } from "../image/checkout-image.ts";
import { Container } from "../image/container.ts";
import { loopbackSettings, publishInContainer } from "../image/story.ts";
import { importsIn } from "../import-graph.ts";

const skip = process.getuid?.() !== 0 && "needs root, to become the user of the image";

describe("the container image", { skip }, () => {
  before(async () => {
    image = await CheckoutImage.make();
  });
  after(async () => image[Symbol.asyncDispose]());

  it("publishes a clip on a read-only root as its own user, and stops with exit code 0", async () => {
    const { log } = await publishInContainer(image);
    // Its /proc is masked in part, as engines do it.
    assert.match(log, /"sandbox":"namespaces"/);
  });

  it("publishes a clip where user namespaces are forbidden, and logs which sandbox is left", async () => {
    const { log } = await publishInContainer(image, { hasUserNamespaces: false });
    assert.match(log, /"sandbox":"limits"/);
  });

  it("runs one process of a topology by SERVICE, also by the name of a service in it", async () => {
    await using container = await Container.of(image);
    const env = { ...(await loopbackSettings()), TOPOLOGY: "three" };
    const { code, output } = await container.run(programOf(["cmd/container.ts"]), { env: { ...env, SERVICE: "none" } });
    assert.deepEqual(
      [code, output.trim()],
      [2, "there is no process or service none; processes of three are gateway, account, video"],
    );
    // A process without its own database stops at its missing settings, by its name.
    const settings = { KINORA_RPC_HOST: "0.0.0.0", KINORA_DB_URL: "postgres://127.0.0.1:1/kinora" };
    const refused = await container.run(programOf(["cmd/container.ts"]), {
      env: { ...env, ...settings, SERVICE: "relation" },
    });
    assert.equal(refused.code, 2, refused.output);
    assert.match(refused.output, /KINORA_RPC_HOST/);
  });

  it("shows the help of the server, of commands, and of its own program", async () => {
    await using container = await Container.of(image);
    for (const args of [["cmd/start.ts"], ["cmd/container.ts"], ["cmd/cli.ts", "backup"], ["cmd/cli.ts", "migrate"]]) {
      const { code, output } = await container.run(programOf([...args, "--help"]));
      assert.deepEqual([code, /--data|Exit codes/.test(output)], [0, true], output);
    }
  });

  it("reports an unhealthy container where no server listens", async () => {
    await using container = await Container.of(image);
    const { code, output } = await container.run(image.settings.healthcheck, { env: await loopbackSettings() });
    assert.deepEqual([code, output.includes("ECONNREFUSED")], [1, true], output);
  });
});

describe("the files of the container image", () => {
  it("are what the server imports, without tests, documents and secrets of the checkout", async () => {
    const files = await contextFiles();
    for (const path of ["cmd/start.ts", "cmd/container.ts", "deploy/topologies/three.json", "LICENSE"])
      assert.ok(files.includes(path), path);
    assert.deepEqual(
      files.filter((path) =>
        /(?:\.test|\/testing|\/conformance)\.tsx?$|^(?:test|docs|bench|scripts|data|\.git)\b|\.env|(?:^|\/)secrets\//.test(
          path,
        ),
      ),
      [],
    );
  });

  it("import only packages that remain in it", async () => {
    const { dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    }; // Our own file.
    const sources = (await contextFiles()).filter((path) => /^(?:cmd|src|demo)\/.*\.ts$/.test(path));
    const foreign = new Set<string>();
    for (const path of sources) {
      for (const address of importsIn(await readFile(join(root, path), "utf8")))
        if (/^[a-z@]/.test(address) && !address.startsWith("node:")) {
          const name = address
            .split("/")
            .slice(0, address.startsWith("@") ? 2 : 1)
            .join("/");
          if (!Object.hasOwn(dependencies, name)) foreign.add(`${path}: ${name}`);
        }
    }
    assert.deepEqual([...foreign], []);
    assert.ok(sources.length > 500);
  });

  it("are owned by root, and its user has a number, as Kubernetes asks", async () => {
    const text = await readFile(join(root, "Dockerfile"), "utf8");
    const { user, entrypoint } = settingsIn(text);
    assert.deepEqual([user, entrypoint[0]], [10_001, "node"]);
    assert.doesNotMatch(text, /COPY --chown/);
  });
});

let image: CheckoutImage;
const programOf = (args: readonly string[]): readonly string[] => [...image.settings.entrypoint, ...args];
