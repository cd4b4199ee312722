import assert from "node:assert/strict";
import { afterEach, before, describe, it } from "node:test";
import { act, waitFor } from "@testing-library/react";
import { databases } from "#testing/database.ts";
import { showPage } from "#testing/page.tsx";
import { UploadServer } from "#testing/upload-server.ts";
import { leaveSession } from "#base/api/session/session.ts";
import { isActive, isObject, type Item } from "./item.ts";
import { addItems, cancelItems, giveFile, pauseItems, removeItem, restoreItems, resumeItems } from "./queue.ts";
import { itemOf, itemsOf, useItems } from "./store.ts";
import { createKind, type View } from "./view.ts";

let server = new UploadServer();
let putBack = () => undefined as void;

before(() => {
  databases.install(["open"]);
  Object.assign(globalThis, { FileSystemFileHandle: Handle });
});
afterEach(() => {
  act(() => cancelItems(allItems().map(({ key }) => key)));
  putBack();
});

describe("the queue of uploads", () => {
  it("sends two files together, of whichever views, and a third when one of them is there", async () => {
    await begin({ isOpen: false });
    const [a, b, c] = [add(films, "a"), add(papers, "b"), add(films, "c")];
    await waitFor(() => assert.equal(server.waiting.size, 2));
    assert.deepEqual([status(a), status(b), status(c)], ["sending", "sending", "waiting"]);
    await act(async () => server.open());
    await waitFor(() => assert.deepEqual([status(a), status(b), status(c)], ["done", "done", "done"]));
  });

  it("goes on at the same address after a pause", async () => {
    await begin({ isOpen: false });
    const key = add(films, "long.mp4", large);
    await waitFor(() => assert.equal(server.waiting.size, 1));
    act(() => pauseItems([key]));
    await waitFor(() => assert.equal(server.waiting.size, 0));
    assert.equal(status(key), "paused");
    server.open();
    await act(async () => resumeItems([key]));
    await waitFor(() => assert.equal(status(key), "done"));
    const url = "/api/v1/tus/1";
    assert.deepEqual(server.requests, ["POST /api/v1/tus", `PATCH ${url}`, `HEAD ${url}`, `PATCH ${url}`]);
  });

  it("puts a removed file back where it was, and drops what the server has of it once it cannot come back", async () => {
    await begin({ isOpen: false });
    const key = add(films, "long.mp4", large);
    await waitFor(() => assert.equal(server.waiting.size, 1));
    const first = perform(() => removeItem(key));
    assert.deepEqual([status(key), server.waiting.size], [undefined, 0]);
    act(() => first?.undo());
    assert.equal(status(key), "sending");
    act(() => first?.end());
    await waitFor(() => assert.equal(server.waiting.size, 1));
    const second = perform(() => removeItem(key));
    assert.ok(!server.requests.includes("DELETE /api/v1/tus/1"));
    act(() => second?.end());
    assert.equal(server.requests.at(-1), "DELETE /api/v1/tus/1");
  });

  it("sends another file for an item, and nothing of the one before", async () => {
    await begin({ isOpen: false });
    const key = add(films, "first.mp4", large);
    await waitFor(() => assert.equal(server.waiting.size, 1));
    await act(async () => giveFile(key, { file: fileOf("second.mp4"), handle: null }));
    server.open();
    await waitFor(() => assert.equal(status(key), "done"));
    assert.equal(itemOf(films, key)?.name, "second.mp4");
    assert.ok(server.requests.includes("DELETE /api/v1/tus/1"));
    assert.deepEqual(arrivals, ["second.mp4"]);
  });

  it("ignores what became of a file that was replaced in the meantime", async () => {
    await begin();
    const answer = Promise.withResolvers<void>();
    arrival = answer.promise;
    const key = add(films, "first.mp4");
    await waitFor(() => assert.deepEqual(arrivals, ["first.mp4"]));
    server.isOpen = false;
    await act(async () => giveFile(key, { file: fileOf("second.mp4"), handle: null }));
    await waitFor(() => assert.equal(server.waiting.size, 1));
    await act(async () => answer.resolve());
    assert.deepEqual([status(key), server.waiting.size], ["sending", 1]);
  });

  it("warns before the page closes while a file is on its way, and not after", async () => {
    await begin({ isOpen: false });
    const key = add(films, "a");
    assert.equal(closesQuietly(), false);
    act(() => pauseItems([key]));
    assert.equal(closesQuietly(), true);
  });

  it("shows its items in the order in which they were added", async () => {
    const { findAllByRole } = await begin({ isOpen: false });
    add(films, "b");
    add(films, "a");
    assert.deepEqual(
      (await findAllByRole("listitem")).map(({ textContent }) => textContent),
      ["b: sending", "a: sending"],
    );
  });

  it("stops at a log-out, forgets all, and drops what the server has", async () => {
    await begin({ isOpen: false });
    const key = add(films, "secret.mp4", large);
    await waitFor(() => assert.equal(server.waiting.size, 1));
    await waitFor(() => assert.equal(stored().length, 1));
    act(() => leaveSession());
    await waitFor(() => assert.equal(server.waiting.size, 0));
    assert.equal(status(key), undefined);
    assert.ok(server.requests.includes("DELETE /api/v1/tus/1"));
    await waitFor(() => assert.deepEqual(stored(), []));
    await waitFor(() => assert.equal(closesQuietly(), true));
  });
});

describe("the memory of the queue", () => {
  it("has items until they are done, without what must not be stored", async () => {
    await begin({ isOpen: false });
    const key = add(films, "a");
    await waitFor(() => assert.equal(stored()[0]?.key, key));
    assert.deepEqual(stored()[0]?.details, { secret: "" });
    server.open();
    await waitFor(() => assert.deepEqual(stored(), []));
  });

  it("restores items of tabs that are closed, of the same user and with the same file", async () => {
    const file = fileOf("kept.mp4");
    await begin();
    keep("k1", "closed", file, new Handle(file));
    keep("k2", "open", file, new Handle(file));
    keep("k3", "closed", file, new Handle(file), { userId: 2 });
    keep("k4", "closed", file, null);
    keep("k5", "closed", file, new Handle(fileOf("kept.mp4", 9)));
    keep("k6", "closed", file, new Handle(file), { status: "paused" });
    await act(async () => restoreItems(view(films)));
    await waitFor(() => assert.equal(status("k1"), "done"));
    assert.deepEqual(
      ["k2", "k3", "k4", "k5", "k6"].map((key) => status(key)),
      [undefined, undefined, "lost", "lost", "paused"],
    );
    // A file is found by name, size and time, and is sent as the lost item.
    await act(async () => giveFile("k4", { file, handle: null }));
    await waitFor(() => assert.equal(status("k4"), "done"));
  });
});

interface Details {
  readonly secret: string;
}
const films = createKind<Details>("film");
const papers = createKind<Details>("paper");
const arrivals: string[] = [];
/** The view's own request about a file that has arrived. */
let arrival = Promise.resolve();
const view = (kind: typeof films): View<Details> => ({
  kind,
  parse: (item) => ({ ...item, details: { secret: "" } }),
  destination: () => ({ purpose: "media" }),
  warns: isActive,
  strip: () => ({ secret: "" }),
  async arrive({ details }, _made, file) {
    arrivals.push(file.name);
    await arrival;
    return details;
  },
});

/** A larger file begins with a request of its own, at whose address it goes on. */
const large = 300 * 1_024;
const fileOf = (name: string, sizeBytes = 7) => new File([new Uint8Array(sizeBytes)], name, { lastModified: 5 });
const add = (kind: typeof films, name: string, sizeBytes = 7): string => {
  const item = { file: fileOf(name, sizeBytes), handle: null, status: "waiting", details: { secret: "hush" } } as const;
  return perform(() => addItems(view(kind), [item])[0] ?? "");
};

/** Does what a component does. */
function perform<Result>(work: () => Result): Result {
  const results: Result[] = [];
  act(() => void results.push(work()));
  return results[0] as Result; // `act` has called it.
}

const allItems = () => [films, papers].flatMap((kind) => itemsOf(kind));
const status = (key: string) => allItems().find((item) => item.key === key)?.status;

/** A page that shows the films of the queue, and a server whose gate is open or closed. */
function begin({ isOpen = true }: { isOpen?: boolean } = {}) {
  server = new UploadServer();
  server.isOpen = isOpen;
  putBack = server.install();
  arrivals.length = 0;
  arrival = Promise.resolve();
  return showPage(<Films />, { me: {} });
}

function Films() {
  return useItems(films).map(({ key, name, status: itemStatus }) => <li key={key}>{`${name}: ${itemStatus}`}</li>);
}

function closesQuietly(): boolean {
  const event = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(event);
  return !event.defaultPrevented;
}

class Handle {
  readonly #file: File;
  constructor(file: File) {
    this.#file = file;
  }
  async getFile() {
    return this.#file;
  }
}

const stored = (): Item[] =>
  databases.records("kinora-queue", "items").flatMap((record) => (isObject(record) ? (record["item"] as Item) : [])); // Its own records.

function keep(key: string, tab: string, file: File, handle: Handle | null, part: Partial<Item> = {}) {
  const item: Item = {
    key,
    kind: "film",
    userId: 1,
    name: file.name,
    sizeBytes: file.size,
    modifiedMs: file.lastModified,
    status: "sending",
    isPlaced: true,
    url: null,
    headHash: null,
    sha256: null,
    sentBytes: 0,
    failure: null,
    details: {},
    ...part,
  };
  databases.put("kinora-queue", "items", key, { item, handle, tab });
}
