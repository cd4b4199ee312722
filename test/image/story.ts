import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";
import { Person } from "../users/person.ts";
import { Container, type ContainerImage } from "./container.ts";

const clip = join(import.meta.dirname, "../media/one-frame.mp4");

interface Publication {
  readonly log: string;
  readonly startMs: number;
}

/** Settings that keep a container to loopback, on a port of its own. */
export async function loopbackSettings(): Promise<Readonly<Record<string, string>>> {
  const [port = 0] = await freePorts(1);
  return { KINORA_HOST: "127.0.0.1", KINORA_PORT: String(port), KINORA_RTMP_PORT: "0", KINORA_RATE_LIMIT: "off" };
}

/** A container starts, publishes a clip of a new account, and stops by SIGTERM with exit code 0; yields its log. */
export async function publishInContainer(
  image: ContainerImage,
  options: { readonly hasUserNamespaces?: boolean } = {},
): Promise<Publication> {
  const env = await loopbackSettings();
  await using container = await Container.of(image);
  const beganMs = performance.now();
  await container.start({ env, ...options });
  const startMs = performance.now() - beganMs;
  const person = new Person(`http://127.0.0.1:${env["KINORA_PORT"]}`);
  await person.signUp();
  const { status, data } = await person.upload(await readFile(clip));
  assert.ok(status < 300, container.log.join("\n"));
  const video = await until(
    async () => {
      const media = await person.get(`/media/${String(data["id"])}`);
      assert.notEqual(media["status"], "failed", container.log.join("\n"));
      return media["status"] === "ready" ? media : undefined;
    },
    { said: () => container.log.slice(-30).join("\n") },
  );
  const playlist = await fetch(new URL(String(video["hls_url"]), person.url));
  assert.deepEqual([playlist.status, (await playlist.text()).startsWith("#EXTM3U")], [200, true]);
  const page = await fetch(person.url);
  assert.match(await page.text(), /<div id="root">/);
  person.hangUp();
  assert.equal(await container.stop(), 0, container.log.slice(-30).join("\n"));
  return { log: container.log.join("\n"), startMs };
}
