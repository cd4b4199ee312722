/* Signs in and lists one's own videos: node sdk/examples/list.ts URL USER PASSWORD */
import { Kinora, KinoraError, SignIn } from "@kinora/client";

const [baseUrl = "", username = "", password = ""] = process.argv.slice(2);
try {
  const signIn = await SignIn.begin({ baseUrl }, { username, password });
  const kinora = new Kinora({ baseUrl, token: signIn.token });
  const { list } = await kinora.ask("video.ofUser", { path: { id: "me" } });
  for (const { id, title, visibility } of list) console.log(`${id} ${visibility} ${title}`);
} catch (error) {
  if (!(error instanceof KinoraError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
