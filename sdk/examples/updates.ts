/*
 * Follows what happens to an account until Ctrl-C: node sdk/examples/updates.ts URL USER PASSWORD [AFTER]
 * AFTER is the number of the last update that is known: what was missed since comes first.
 */
import { Kinora, SignIn, updates } from "@kinora/client";

const [baseUrl = "", username = "", password = "", after] = process.argv.slice(2);
const signIn = await SignIn.begin({ baseUrl }, { username, password });
const kinora = new Kinora({ baseUrl, token: signIn.token });
const end = new AbortController();
process.once("SIGINT", () => end.abort());

const options = { signal: end.signal, ...(after !== undefined && { after: Number(after) }) };
for await (const update of updates(kinora, options)) {
  if (update.type === "reset") console.log(`${update.seq} too much was missed: read the lists again`);
  else console.log(`${update.seq} ${update.type} ${update.message?.content ?? update.notification?.type ?? ""}`);
}
