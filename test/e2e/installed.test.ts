import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { inTurn } from "#test/depth";
import { sharedInstance } from "../instance/shared.ts";
import { until } from "../until.ts";
import { becomes, desktop, type Device, logIn, phone, sharedBrowser, visit } from "../browser/browser.ts";
import { Person } from "../users/person.ts";
import type { Instance } from "../instance/instance.ts";

const dist = join(import.meta.dirname, "../../web/dist");
const shellBytesMax = 300_000;
const shellFilesMax = 25;

describe("the installed app in a real browser", () => {
  before(async () => {
    instance = await sharedInstance();
    // The shell of Chromium shows no notifications.
    browser = await sharedBrowser("whole");
  });

  it("keeps the shell in one language, without pages of administration", async () => {
    const source = await readFile(join(dist, "sw.js"), "utf8");
    const listed = (name: string): unknown =>
      JSON.parse(new RegExp(`^const ${name} = (.*);$`, "m").exec(source)?.[1] ?? "");
    const shell = listed("shell") as string[]; // The build's own lists.
    const texts = listed("texts") as Record<string, string[]>;
    assert.deepEqual(Object.keys(texts), ["en", "zh-CN"]);
    const built = await readdir(join(dist, "assets"));
    for (const own of Object.values(texts)) {
      assert.ok(own.length >= 4, "its own texts are in it");
      const files = ["/index.html", ...shell, ...own];
      let bytes = 0;
      for (const file of files) {
        const isCompressed = built.includes(`${file.slice("/assets/".length)}.gz`);
        bytes += (await stat(join(dist, isCompressed ? `${file}.gz` : file))).size;
      }
      assert.ok(bytes > 150_000 && bytes <= shellBytesMax, `${bytes} bytes of shell`);
      assert.ok(files.length <= shellFilesMax, `${files.length} files of shell`);
      assert.deepEqual(
        files.filter((file) => /admin|site-|storage|moderation|hls/.test(file)),
        [],
      );
    }
    const [english = [], chinese = []] = Object.values(texts);
    assert.deepEqual(
      english.filter((file) => chinese.includes(file)),
      [],
    );
  });

  for (const device of inTurn([phone, desktop], 0))
    it(`opens offline with what it lacks, and goes on when the network is back, on a ${device.name}`, async () => {
      await using at = await installed(device);
      const { page } = at;
      for (const path of ["/for-you", "/explore", "/me", "/watch/1"]) {
        await page.goto(instance.url + path);
        await becomes(page, `!document.querySelector("[aria-busy=true]")`);
      }
      const kept = await page.evaluate<string[]>(
        `caches.keys().then((names) => caches.open(names.find((name) => name !== "kinora-shared")))
          .then((cache) => cache.keys()).then((requests) => requests.map(({ url }) => new URL(url).pathname))`,
      );
      assert.ok(
        kept.some((path) => path.includes("explore-page")),
        "a page that was used is kept",
      );
      assert.ok(!kept.some((path) => /admin|-zh-|\/api\//.test(path)), kept.join(" "));
      await network(page, false);
      for (const path of ["/for-you", "/explore", "/me", "/watch/1"]) {
        await page.goto(instance.url + path);
        await page.getByRole("heading", { name: "You’re offline" }).waitFor();
        assert.equal(await page.locator("[aria-busy=true]").count(), 0, path);
      }
      await page.goto(`${instance.url}/me`);
      await page.getByRole("heading", { name: "You’re offline" }).waitFor();
      await network(page, true);
      await page
        .getByRole("link", { name: /Studio/ })
        .first()
        .waitFor();
      // A page whose program was never here, and comes with the network.
      await network(page, false);
      await page.goto(`${instance.url}/history`);
      await page.getByRole("heading", { name: "You’re offline" }).waitFor();
      await network(page, true);
      await page.getByRole("heading", { name: "Nothing watched yet" }).waitFor();
    });

  it("tries the connection by itself, and goes on where the server answers though the browser knows of no network", async () => {
    await using at = await installed();
    const { page } = at;
    await network(page, false);
    await page.goto(`${instance.url}/history`);
    await page.getByRole("heading", { name: "You’re offline" }).waitFor();
    const banner = page.getByRole("status").filter({ hasText: "You’re offline" });
    await banner.getByText(/Next try in \d+ s/).waitFor();
    await page.context().setOffline(false);
    await banner.waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Nothing watched yet" }).waitFor();
  });

  it("asks a server again by itself that did not answer", async () => {
    await using at = await installed();
    const { page } = at;
    const lists = "**/api/v1/videos?*";
    await page.route(lists, (route) => route.abort());
    await page.goto(`${instance.url}/category/4`);
    await page.getByText(/Next try in \d+ s/).waitFor();
    await page.unroute(lists);
    await page.getByRole("heading", { name: "Nothing in this category yet" }).waitFor();
  });

  it("shows a push message by the system where no page is looked at, and a click opens its page", async () => {
    await using at = await installed();
    const { page, context } = at;
    await page.goto("about:blank");
    const deliver = await pushService(page);
    const [worker] = context.serviceWorkers();
    assert.ok(worker);
    const message = {
      title: "Mira followed you",
      body: "and 2 others",
      path: "/explore?sort=latest",
      tag: "notification-7",
    };
    // The page that was left is a client of the worker for a moment, which receives the message instead.
    const showing = (title: string) =>
      until(async () => {
        await deliver({ ...message, title });
        const all = await worker.evaluate<Shown[]>(shownBy);
        return all[0]?.title === title && all;
      });
    await showing("Mira followed you");
    const shown = await showing("Mira and Jonas followed you");
    assert.deepEqual(shown, [
      {
        title: "Mira and Jonas followed you",
        body: "and 2 others",
        tag: "notification-7",
        icon: "/icons/icon-192.png",
      },
    ]);
    await page.goto(`${instance.url}/me`);
    await controlled(page);
    await page.evaluate(`window.isSame = true`);
    // The page listens to the worker when it is there; one that does not answer would be loaded anew.
    const used = `performance.getEntriesByType("resource").some(({ name }) => name.includes("/assets/registration-"))`;
    await becomes(page, `document.querySelector("main h1") !== null && ${used}`);
    await until(async () => {
      if (new URL(page.url()).pathname === "/explore") return true;
      await worker.evaluate(clicked);
      return false;
    });
    assert.equal(new URL(page.url()).search, "?sort=latest");
    assert.equal(await page.evaluate("window.isSame"), true, "what is in the page stays");
    assert.deepEqual(await worker.evaluate<Shown[]>(shownBy), []);
    assert.deepEqual(at.complaints, []);
  });

  it("shows a push message in the page that is looked at, without the system", async () => {
    await using at = await installed();
    const { page, context } = at;
    const [worker] = context.serviceWorkers();
    assert.ok(worker);
    const deliver = await pushService(page);
    await page.bringToFront();
    await deliver({ title: "Mira sent you a message", body: "hello", path: "/inbox/7", tag: "message-7" });
    await page.getByRole("status").getByText("Mira sent you a message").waitFor();
    assert.deepEqual(await worker.evaluate<Shown[]>(shownBy), []);
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.waitForURL(/\/inbox\/7$/);
  });

  it("offers push once, and says where each kind of notification goes", async () => {
    await using at = await installed(phone);
    const { page, person } = at;
    await page.goto(`${instance.url}/inbox/notifications`);
    const offer = page.getByRole("region", { name: "Never miss a comment" });
    await offer.getByRole("button", { name: "Turn on push on this device" }).waitFor();
    await offer.getByRole("button", { name: "Close" }).tap();
    await offer.waitFor({ state: "detached" });
    await page.goto(`${instance.url}/settings/notifications`);
    await page.getByRole("button", { name: "Turn on push on this device" }).waitFor();
    await page.getByText("This site doesn’t send e-mail.").waitFor();
    const rows = page.getByRole("row");
    const switchOf = (kind: string, name: string) =>
      rows.filter({ has: page.getByRole("rowheader", { name: kind }) }).getByRole("switch", { name, exact: true });
    assert.ok(await switchOf("New followers", "E-mail").isDisabled());
    assert.equal(await rows.count(), 11);
    for (const [kind, name] of [
      ["Private messages", "Push"],
      ["New followers", "New followers"],
      ["Decisions about my account", "Push"],
    ] as const)
      await switchOf(kind, name).press(" ");
    const settings = await until(async () => {
      const all = await person.get("/notifications/settings");
      return (all["push"] as Record<string, boolean>)["account"] === false && all; // The contract's own shape.
    });
    const { mail, push, ...site } = settings as Record<string, unknown>;
    const off = (all: unknown) =>
      Object.entries(all as object).flatMap(([kind, isOn]) => (isOn === false ? [kind] : []));
    assert.deepEqual([off(site), off(mail), off(push)], [["follow"], [], ["account", "message"]]);
    await page.goto(`${instance.url}/inbox/notifications`);
    await page.getByRole("link", { name: "Settings" }).first().waitFor();
    assert.equal(await offer.count(), 0);
  });

  it("ends mails by the link in them, once its user says so, and refuses another link", async () => {
    const { page, context, complaints } = await visit(browser, phone, { locale: "zh-CN" });
    const asked: string[] = [];
    // Only a mail has a valid token, and the next one is sent in a minute: this is the answer to it.
    await page.route("**/notifications/end-mails?token=valid", (route) => {
      asked.push(route.request().method());
      return route.fulfill({ json: { code: 0, message: "success", data: {} } });
    });
    await page.goto(`${instance.url}/end-mails#valid`);
    const stop = page.getByRole("button", { name: "停止这些邮件" });
    await stop.waitFor();
    assert.deepEqual(asked, []);
    await stop.tap();
    await page.getByRole("heading", { name: "已停止发送邮件" }).waitFor();
    assert.deepEqual(asked, ["POST"]);
    await page.goto("about:blank");
    await page.goto(`${instance.url}/end-mails#7.nobodys-token`);
    await stop.tap();
    await page.getByRole("heading", { name: "链接无效" }).waitFor();
    await page.getByRole("link", { name: "通知设置" }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("takes a video that is shared into it to the upload, with its title and text", async () => {
    await using at = await installed(phone);
    const { page } = at;
    const { share_target: target } = (await (
      await page.request.get(`${instance.url}/manifest.webmanifest`)
    ).json()) as {
      share_target: { action: string; params: { files: { name: string }[] } };
    }; // The app's own file.
    const bytes = (await readFile(join(import.meta.dirname, "../media/one-frame.mp4"))).toString("base64");
    // As the system sends it: a form that leads to a page.
    await page.evaluate(`(() => {
      const form = document.createElement("form");
      form.action = ${JSON.stringify(target.action)};
      form.method = "post";
      form.enctype = "multipart/form-data";
      const bytes = Uint8Array.from(atob("${bytes}"), (one) => one.charCodeAt(0));
      const chosen = new DataTransfer();
      chosen.items.add(new File([bytes], "Meer & Möwen.mp4", { type: "video/mp4" }));
      const field = (name, value) => form.append(Object.assign(document.createElement("input"), { name, value }));
      field("title", "Sea and gulls");
      field("text", "filmed this morning");
      const files = Object.assign(document.createElement("input"), { type: "file", name: ${JSON.stringify(target.params.files[0]?.name)} });
      files.files = chosen.files;
      form.append(files);
      document.body.append(form);
      form.submit();
    })()`);
    await page.waitForURL(`${instance.url}/upload`);
    const card = page.getByRole("article").filter({ hasText: "Meer & Möwen.mp4" });
    await card.getByText("Paused").waitFor();
    await card.getByRole("button", { name: /^Go on/ }).click();
    await card.getByText("Uploaded").waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Title" }).inputValue(), "Sea and gulls");
    assert.equal(await page.getByRole("textbox", { name: "Description" }).inputValue(), "filmed this morning");
    assert.equal(await page.evaluate(`caches.has("kinora-shared")`), false);
    assert.equal(await page.getByRole("article").count(), 1);
    assert.deepEqual(at.complaints, []);
  });

  it("has a badge with the number of what is unread, until that is read", async () => {
    await using at = await installed();
    const { page, person, context } = at;
    await context.addInitScript(`window.badge = null;
      Navigator.prototype.setAppBadge = (count) => Promise.resolve(void (window.badge = count))`);
    const { id } = await person.get("/users/me");
    const fan = new Person(instance.url);
    await fan.signUp();
    await page.goto(`${instance.url}/explore`);
    await becomes(page, "window.badge !== null");
    const before = await page.evaluate<number>("window.badge");
    assert.equal((await fan.ask("POST", `/users/${Number(id)}/follow`)).status, 200);
    await becomes(page, `window.badge === ${before + 1}`);
    await page
      .getByRole("link", { name: /^Inbox/ })
      .first()
      .click();
    await page.goto(`${instance.url}/inbox/notifications`);
    await becomes(page, "window.badge === 0");
  });
});

let instance: Instance;
let browser: Browser;

/** A user's browser in which the worker is active and controls the page. */
async function installed(device: Device = desktop) {
  const person = new Person(instance.url);
  await person.signUp();
  const { page, context, complaints } = await visit(browser, device, { hasServiceWorker: true });
  await context.grantPermissions(["notifications"], { origin: instance.url });
  await context.addInitScript(onLine);
  await logIn(page, instance.url, person);
  await page.goto(`${instance.url}/explore`);
  await controlled(page);
  return { page, context, complaints, person, [Symbol.asyncDispose]: () => context.close() };
}

/** The browser's own emulation forgets `onLine` when a worker answers for a page. */
async function network(page: Page, isThere: boolean): Promise<void> {
  await page.evaluate(`localStorage.setItem("test.offline", "${isThere ? "" : "1"}")`);
  await page.context().setOffline(!isThere);
  // A page that waited for the network may be reloading already.
  if (isThere) await page.evaluate(`dispatchEvent(new Event("online"))`).catch(() => undefined);
}
const onLine = `Object.defineProperty(Navigator.prototype, "onLine", { get: () => !localStorage.getItem("test.offline") })`;

const controlled = (page: Page) =>
  until(() => page.evaluate<boolean>(`navigator.serviceWorker.controller?.state === "activated"`));

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly icon: string;
}
const shownBy = `self.registration.getNotifications().then((all) => all.map(({ title, body, tag, icon }) =>
  ({ title, body, tag, icon: new URL(icon).pathname })))`;
const clicked = `self.registration.getNotifications().then(([notification]) => notification &&
  void self.dispatchEvent(new NotificationEvent("notificationclick", { notification })))`;

/** Delivers messages to the worker as the browser's push service does. */
async function pushService(page: Page) {
  const session = await page.context().newCDPSession(page);
  const found = Promise.withResolvers<string>();
  session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    const own = registrations.find(({ scopeURL }) => scopeURL === `${instance.url}/`);
    if (own !== undefined) found.resolve(own.registrationId);
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await found.promise;
  return (message: object) =>
    session.send("ServiceWorker.deliverPushMessage", {
      origin: instance.url,
      registrationId,
      data: JSON.stringify(message),
    });
}
