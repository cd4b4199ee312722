/*
 * A fixed piece of work like that of the tests: text, hashes, objects, a sort. Run by a worker thread of `pace.ts`.
 */
import { createHash } from "node:crypto";

let text = "";
for (let n = 0; n < 60_000; n++) {
  const md5 = createHash("md5").update(`${text}${n}`).digest("hex");
  text = (JSON.parse(JSON.stringify({ n, md5, list: [n, n + 1, String(n)] })) as { md5: string }).md5;
}
Array.from({ length: 200_000 }, (_, n) => (n * 2_654_435_761) % 1_000_003).sort((a, b) => a - b);
