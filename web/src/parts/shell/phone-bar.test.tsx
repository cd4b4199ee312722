import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { showPage } from "#testing/page.tsx";
import { PhoneBar } from "./phone-bar.tsx";

const unread = (part: object) => ({
  "GET /api/v1/updates/unread": () => ({ message_count: 0, request_count: 0, notification_count: 0, ...part }),
});

describe("the bar of a phone", () => {
  it("leads a visitor to five places, without a number", async () => {
    const { getAllByRole, requests } = await showPage(<PhoneBar />);
    assert.deepEqual(
      getAllByRole("link").map((link) => link.getAttribute("href")),
      ["/", "/explore", "/upload", "/inbox", "/me"],
    );
    assert.deepEqual(requests, []);
  });

  it("shows how much is new in the inbox, and leads to the first tab that has something", async () => {
    const { findByRole, findByText } = await showPage(<PhoneBar />, {
      me: {},
      answers: unread({ request_count: 2, notification_count: 3 }),
    });
    await findByText("5");
    const inbox = await findByRole("link", { name: /Inbox/ });
    assert.equal(inbox.getAttribute("href"), "/inbox/requests");
  });

  it("marks the page that is open", async () => {
    const { getByRole } = await showPage(<PhoneBar />, { path: "/search" });
    assert.equal(getByRole("link", { name: "Explore" }).getAttribute("aria-current"), "page");
    assert.equal(getByRole("link", { name: /Home/ }).getAttribute("aria-current"), null);
  });
});
