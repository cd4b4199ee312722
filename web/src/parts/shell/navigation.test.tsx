import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { within } from "@testing-library/react";
import { showPage, type TestPage } from "#testing/page.tsx";
import { userNamed } from "#testing/videos.ts";
import { SideBar, SiteItems } from "./side-bar.tsx";
import { TopBar } from "./top-bar.tsx";

const followed = "GET /api/v1/recommend/following/authors";
const unread = "GET /api/v1/updates/unread";

const side = (path: string, start: "feed" | "explore" = "feed") =>
  showPage(
    <SideBar>
      <SiteItems start={start} />
    </SideBar>,
    { path },
  );
const current = (page: TestPage) =>
  page
    .getAllByRole("link")
    .filter((link) => link.getAttribute("aria-current") === "page")
    .map((link) => link.textContent);

describe("the navigation beside a page", () => {
  it("marks the page that is open, at whatever address it is", async () => {
    assert.deepEqual(current(await side("/live")), ["Live"]);
    assert.deepEqual(current(await side("/")), ["For you"]);
    assert.deepEqual(current(await side("/", "explore")), ["Explore"]);
    assert.deepEqual(current(await side("/tag/trees")), ["Explore"]);
    assert.deepEqual(current(await side("/settings")), []);
  });

  it("leads a visitor to pages that need no account, and a viewer to their own as well", async () => {
    const visitor = await side("/");
    const hrefs = (page: TestPage) => page.getAllByRole("link").map((link) => link.getAttribute("href"));
    assert.deepEqual(hrefs(visitor), ["/for-you", "/explore", "/live"]);
    const viewer = await showPage(<SiteItems start="feed" />, {
      me: {},
      answers: { [followed]: () => ({ list: [{ user: userNamed("noor"), published_at: null }] }) },
    });
    await viewer.findByRole("link", { name: /noor/ });
    assert.deepEqual(hrefs(viewer), [
      "/for-you",
      "/following",
      "/explore",
      "/live",
      "/history",
      "/saved",
      "/playlists",
      "/drive",
      "/@noor",
    ]);
  });
});

describe("the bar over a page", () => {
  it("offers a visitor to log in and to sign up, and to come back to the page", async () => {
    const { getByRole, queryByRole } = await showPage(<TopBar frame="side" />, { path: "/watch/7" });
    assert.equal(getByRole("link", { name: "Log in" }).getAttribute("href"), "/login?next=%2Fwatch%2F7");
    assert.equal(getByRole("link", { name: "Sign up" }).getAttribute("href"), "/signup?next=%2Fwatch%2F7");
    assert.ok(queryByRole("link", { name: /Inbox/ }) === null);
  });

  it("says how much is new, and opens the menu of the account, without an administration for a user", async () => {
    const { user, findByRole, queryByRole, getByRole } = await showPage(<TopBar frame="side" />, {
      me: { nickname: "Mira", avatar: "" },
      answers: { [unread]: () => ({ message_count: 2, request_count: 0, notification_count: 3 }) },
    });
    const inbox = getByRole("link", { name: /Inbox/ });
    await findByRole("link", { name: /5/ });
    assert.equal(inbox.getAttribute("href"), "/inbox");
    await user.click(await findByRole("button", { name: /Mira/ }));
    const menu = within(await findByRole("dialog"));
    const links = menu.getAllByRole("link").map((link) => link.getAttribute("href"));
    assert.deepEqual(links, ["/@mira", "/studio", "/me/wallet", "/settings"]);
    assert.ok(queryByRole("link", { name: /Log in/ }) === null);
  });
});
