import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { Instance } from "../test/instance/instance.ts";
import { findings } from "../test/instance/doctor.ts";
import { sendInterrupted } from "../test/fault/uploads/interrupted-upload.ts";
import { Person } from "../test/users/person.ts";
import { Random } from "../test/random.ts";

/*
 * One file by tus, interrupted by its client, by kill -9 and by its line, as long and as often as is asked for:
 *
 *   npm run test:upload                    1 GiB, 50 times
 *   npm run test:upload -- 4096 200 7      4 GiB, 200 times, with seed 7
 */
const [mebibytes = 1_024, interruptions = 50, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const sizeBytes = mebibytes * 2 ** 20;
console.log(`${mebibytes} MiB, ${interruptions} interruptions, seed ${seed}`);
await using instance = await Instance.start({ env: { KINORA_RATE_LIMIT: "off", KINORA_QUOTA: "100 GiB" } });
const person = new Person(instance.url);
await person.signUp();
const plan = { instance, person, sizeBytes, interruptions, random: new Random(seed), rate: 40e6 };
const { sha256, sentBytes } = await sendInterrupted(plan);
await instance.stop();
const hash = createHash("sha256");
const path = join(instance.data, "blobs/upload", sha256.slice(0, 2), sha256.slice(2, 4), sha256);
for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer); // A binary stream.
const isSame = hash.digest("hex") === sha256;
const wrong = await findings(instance.data);
const again = sentBytes - sizeBytes;
console.log(
  `${isSame ? "the same" : "ANOTHER"} SHA-256; ${again} bytes sent twice (${((again / sizeBytes) * 100).toFixed(2)} %)`,
);
for (const line of wrong) console.log(line);
if (!isSame || wrong.length > 0 || again > sizeBytes * 0.02) process.exitCode = 1;
