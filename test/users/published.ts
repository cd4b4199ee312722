import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../until.ts";
import type { Person } from "./person.ts";

const clip = join(import.meta.dirname, "../media/one-frame.mp4");

/** A video that can be played. */
export async function published(person: Person, visibility = "public"): Promise<number> {
  const { data: object } = await person.upload(await readFile(clip));
  const body = { media_id: object["id"], title: "Harbour", visibility };
  const { data, status, error } = await person.ask("POST", "/videos", { body });
  assert.equal(status, 200, error);
  const id = Number(data["id"]);
  await until(async () => (await person.get(`/videos/${id}`))["status"] === 1);
  return id;
}
