/*
 * Uploads a file with its progress and publishes it: node sdk/examples/upload.ts URL USER PASSWORD FILE [UPLOAD_ID]
 * Ctrl-C pauses; the id that it prints continues the upload.
 */
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { Kinora, SignIn, upload } from "@kinora/client";

const [baseUrl = "", username = "", password = "", path = "", id] = process.argv.slice(2);
const signIn = await SignIn.begin({ baseUrl }, { username, password });
const kinora = new Kinora({ baseUrl, token: signIn.token });
const pause = new AbortController();
process.once("SIGINT", () => pause.abort());

try {
  const file = await upload(kinora, {
    file: await openAsBlob(path),
    name: basename(path),
    signal: pause.signal,
    ...(id !== undefined && { id: Number(id) }),
    onBegin: (upload) => console.log(`upload ${upload}`),
    onProgress: (sent, total) => console.log(`${Math.floor((sent / total) * 100)} %`),
    onWaiting: (error) => console.log(error === null ? "goes on" : `waits: ${error.code}`),
  });
  if (file.media_id === null) throw new Error("the file is no media");
  const video = await kinora.ask("video.create", { body: { title: basename(path), media_id: file.media_id } });
  console.log(`video ${video.id} is published when it is processed: ${baseUrl}/videos/${video.id}`);
} catch (error) {
  if (!pause.signal.aborted) throw error;
  console.log("paused");
}
