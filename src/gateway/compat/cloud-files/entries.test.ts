import assert from "node:assert/strict";
import { it } from "node:test";
import { authPlugin } from "#services/auth/plugin";
import { userPlugin } from "#services/user/plugin";
import { TestGateway } from "../../testing.ts";
import { entriesOf } from "../entries.ts";

it("clients are sent to the gateways for uploads and downloads, which may be others than the one they signed in at", async () => {
  const entries = entriesOf({ uploadUrl: "https://up.example/" });
  await using edge = new TestGateway(
    async (host) => {
      await host.add(authPlugin);
      await host.add(userPlugin);
    },
    { entries },
  );
  const account = "username=mira_k&password=blue+bicycle";
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const app = await edge.app;
  const post = (url: string) => app.inject({ method: "POST", url, headers, payload: account });
  assert.equal((await post("/user/signup")).statusCode, 200);
  const { data } = (await post("/user/signin")).json<{ data: Record<string, string> }>();
  assert.deepEqual([data["UploadEntry"], data["DownloadEntry"]], ["https://up.example", "http://localhost:80"]);
});
