import { get } from "node:http";
import { get as getByTls } from "node:https";

// The health check of the container image: succeeds while the server of this container is ready.

const { KINORA_PORT: port = "8080", KINORA_TLS_CERT: certificate = "" } = process.env;
const timeout = 4_000;
const url = `${certificate === "" ? "http" : "https"}://127.0.0.1:${port}/ready`;
// The certificate is for the public name.
const request = certificate === "" ? get(url, { timeout }) : getByTls(url, { timeout, rejectUnauthorized: false });
request.once("timeout", () => request.destroy(new Error("no response")));
request.once("error", (error) => {
  console.error(`${url}: ${error.message}`);
  process.exitCode = 1;
});
request.once("response", (response) => {
  response.resume();
  if (response.statusCode === 200) return;
  console.error(`${url}: ${response.statusCode}`);
  process.exitCode = 1;
});
