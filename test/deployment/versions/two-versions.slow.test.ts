import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { roleNames } from "../../../cmd/services.ts";
import { type SharedDatabase, startSharedDatabase } from "../../instance/database-server.ts";
import { type EarlierCode, earlierCode } from "../../instance/earlier-code.ts";
import { Instance } from "../../instance/instance.ts";
import { freePorts } from "../../ports.ts";
import { until } from "../../until.ts";
import { Person } from "../../users/person.ts";

const clip = join(import.meta.dirname, "../../media/one-frame.mp4");
/** These run in both versions, on the same tables, jobs and events. */
const inBoth = ["upload", "video"];
const inEarlier = ["auth", "user", "relation", "interaction", "hashtag"];
const inPresent = roleNames.filter((name) => ![...inBoth, ...inEarlier, "gateway"].includes(name));

describe("processes of this version and the one before", () => {
  before(async () => {
    blobs = await mkdtemp(join(tmpdir(), "kinora-versions-"));
    earlier = await earlierCode();
    database = await startSharedDatabase();
    const [earlierPort = 0, presentPort = 0] = await freePorts(2);
    const addressesOf = (services: readonly string[], port: number) =>
      services.map((name) => `${name}=127.0.0.1:${port}`);
    const env = {
      KINORA_DB_URL: database.url,
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(blobs).href,
      KINORA_RATE_LIMIT: "off",
    };
    const registry = (services: readonly string[]) => ({
      KINORA_REGISTRY_ADDRESS: [
        ...addressesOf([...inEarlier, ...inBoth], earlierPort),
        ...addressesOf([...services, ...inBoth], presentPort),
      ].join(),
    });
    // The address of a new service is added when every process knows its name.
    const earlierNames = await roleNamesOf(earlier);
    const namesOfBoth = inPresent.filter((name) => earlierNames.includes(name));
    const flagsOf = (services: readonly string[], port: number) => {
      const roles = ["gateway", ...services].join();
      return ["--services", roles, "--rpc-port", String(port)];
    };
    instances.push(
      ...(await Promise.all([
        Instance.start({
          program: earlier.program,
          flags: flagsOf([...inEarlier, ...inBoth], earlierPort),
          // Stripped files are found again in another folder, which saves a second of CPU.
          env: { ...env, ...registry(namesOfBoth), NODE_COMPILE_CACHE_PORTABLE: "1" },
        }),
        Instance.start({
          flags: flagsOf([...inPresent, ...inBoth], presentPort),
          env: { ...env, ...registry(inPresent) },
        }),
      ])),
    );
  });
  after(async () => {
    for (const instance of instances) await instance[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    await earlier?.[Symbol.asyncDispose]();
    await rm(blobs, { recursive: true, force: true });
  });

  it("serve sign-up, upload, comments and the feed, each gateway with services of the other version", async () => {
    const authors = instances.map(({ url }) => new Person(url));
    assert.equal(authors.length, 2);
    const videos = await Promise.all(authors.map(publish));
    for (const [place, author] of authors.entries()) {
      // The video of one version is read through the other.
      const video = videos[1 - place];
      const path = `/videos/${video}`;
      const answer = await author.ask("POST", `${path}/comments`, { body: { content: "Bright" } });
      assert.ok([200, 201].includes(answer.status), `${answer.status} ${answer.error}`);
      assert.equal(((await author.get(`${path}/comments`))["list"] as object[]).length, 1);
      const feed = async () => ((await author.get("/recommend/feed"))["list"] as { id: number }[]).map(({ id }) => id);
      await until(async () => (await feed()).includes(Number(video)));
    }
    for (const { log } of instances)
      for (const line of log) assert.doesNotMatch(line, /"level":"error"|connection between processes is refused/);
  });
});

let blobs = "";
let earlier: EarlierCode | undefined;
let database: SharedDatabase | undefined;
const instances: Instance[] = [];

async function roleNamesOf({ program }: EarlierCode): Promise<readonly string[]> {
  const services: { roleNames: readonly string[] } = await import(pathToFileURL(join(program, "cmd/services.ts")).href);
  return services.roleNames;
}

/** Signs up and publishes a video. */
async function publish(author: Person): Promise<number> {
  await author.signUp();
  const media = await author.upload(await readFile(clip));
  const body = { title: "Bright sea", media_id: Number(media.data["id"]) };
  const { data, status, error } = await author.ask("POST", "/videos", { body });
  assert.ok([200, 201].includes(status), `${status} ${error}`);
  await until(async () => (await author.get(`/videos/${String(data["id"])}`))["status"] === 1);
  return Number(data["id"]);
}
