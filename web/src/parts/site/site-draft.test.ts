import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Instance } from "#base/api/types.ts";
import { changeOf, draftOf } from "./site-draft.ts";

describe("a draft of the settings of the site", () => {
  it("changes nothing when it is opened", () => {
    assert.deepEqual(changeOf(draftOf(site), site), {});
  });

  it("sends only what differs, without spaces around texts", () => {
    const draft = { ...draftOf(site), name: " Northlight ", accent: "#3ba3f8", registration: "closed" } as const;
    assert.deepEqual(changeOf(draft, site), { name: "Northlight", accent: "#3ba3f8", registration: "closed" });
  });

  it("has an icon only where one was uploaded, and removes it with an empty address", () => {
    const uploaded = { ...site, icon_url: "/api/v1/instance/icons/icon-512.png?v=1" };
    assert.equal(draftOf(site).icon, "");
    assert.equal(draftOf({ ...site, icon_url: "/api/v1/instance/icons/icon.svg?v=1" }).icon, "");
    assert.deepEqual(changeOf({ ...draftOf(uploaded), icon: "" }, uploaded), { icon_url: "" });
  });
});

const site: Instance = {
  name: "Kinora",
  description: "",
  rules: "",
  contact: "",
  icon_url: "/icon.svg",
  accent: "#d9391f",
  theme: { dark: { accent: "#fe674c", ink: "#1b0a07" }, light: { accent: "#d9391f", ink: "#ffffff" } },
  languages: ["en", "zh"],
  start_page: "auto",
  first_run: false,
  registration: "open",
  sign_up_email: "optional",
  users_invite: false,
  demo: false,
  upload_bytes_max: 0,
  features: [],
};
