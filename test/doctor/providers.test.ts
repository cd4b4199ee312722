import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { describe, it } from "node:test";
import { loadConfig } from "../../cmd/compose/config.ts";
import { explain } from "../../cmd/compose/explain.ts";
import { settingsOf } from "../../cmd/compose/service-settings.ts";
import { providerChecks } from "../../cmd/doctor/providers.ts";
import { loadConfig as loadUnchecked } from "#kernel/config/load";
import { Settings } from "#services/auth/settings";
import { OidcServer } from "#test/servers/oidc-server";

const secret = "s3cr3t";
const provider = {
  id: "school",
  name: "School",
  issuer: "http://127.0.0.1:9/realms/main",
  client_id: "kinora",
  client_secret: secret,
};
const configure = (providers: unknown) => ({
  KINORA_OIDC: typeof providers === "string" ? providers : JSON.stringify(providers),
});
const look = (providers: unknown) =>
  providerChecks(loadUnchecked([], configure(providers), tmpdir(), { names: [], aliases: {} }).config);

describe("the configuration of providers", () => {
  it("is refused at the start with one sentence and the exit code 2, without a secret", () => {
    for (const [providers, says] of [
      ["[", "KINORA_OIDC: must be JSON"],
      [[{ ...provider, secret }], 'KINORA_OIDC: at 0: Unrecognized key: "secret"'],
      [[{ ...provider, id: "callback" }], "KINORA_OIDC: at 0.id: the id callback is taken by an address of Kinora"],
      [[{ ...provider, issuer: "ftp://x" }], "KINORA_OIDC: at 0.issuer: an issuer is an address of https"],
      [[{ ...provider, scopes: "email" }], "KINORA_OIDC: at 0.scopes: scopes has openid among them"],
      [[{ ...provider, role_claim: "groups" }], "KINORA_OIDC: at 0.roles: role_claim and roles belong together"],
      [[{ ...provider, icon_url: "https://x.example/i.png" }], "KINORA_OIDC: at 0.icon_url: icon_url is a picture"],
      [[provider, { ...provider, name: "Twice" }], "KINORA_OIDC: an id occurs twice"],
      [[provider, { ...provider, id: "other" }], "KINORA_OIDC: an issuer occurs twice"],
    ] as const) {
      const { text, code } = explained(() => loadConfig([], configure(providers), tmpdir()));
      assert.equal(code, 2);
      assert.ok(text.includes(says), text);
      assert.ok(!text.includes(secret), text);
    }
  });

  it("has defaults for a provider of the usual kind", () => {
    const { config } = loadConfig([], configure([provider]), tmpdir());
    const [read] = Settings.parse(settingsOf(config, "auth")).providers;
    assert.deepEqual(read, {
      ...provider,
      icon_url: "",
      scopes: "openid profile email",
      subject_claim: "sub",
      username_claim: "preferred_username",
      sign_up: true,
    });
  });

  it("is examined by the doctor, which names the provider that cannot be reached", async () => {
    assert.deepEqual(await look([]), []);
    const [fault] = await look([{ ...provider, scopes: "" }]);
    assert.equal(fault?.state, "missing");
    const [away, plain] = await look([provider]);
    assert.deepEqual([away?.state, away?.name, plain?.state], ["warn", "sign-in provider School", "warn"]);
    assert.match(away?.says ?? "", /^cannot be used: /);
    assert.ok(!JSON.stringify([away, plain]).includes(secret));
    await using server = await OidcServer.start({ redirectUri: "http://localhost:8080/api/v1/auth/oidc/callback" });
    const [answer] = await look([{ ...provider, issuer: server.issuer }]);
    assert.deepEqual(
      [answer?.state, answer?.says],
      ["ok", "answers; it sends people back to http://localhost:8080/api/v1/auth/oidc/callback"],
    );
    assert.deepEqual(server.paths, ["/.well-known/openid-configuration"]);
  });
});

function explained(run: () => unknown): ReturnType<typeof explain> {
  try {
    run();
  } catch (error) {
    return explain(error);
  }
  throw new Error("it was not refused");
}
