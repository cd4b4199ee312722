import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { createListeners } from "./listeners.ts";
import { beforeLogOut, beginSession, endSession, finishWork, followLogOuts, leaveSession } from "./session.ts";
import { createAccountStore, createDeviceStore } from "./store.ts";

describe("listeners", () => {
  it("are called in the order of their subscriptions, with the arguments, until they unsubscribe", () => {
    const { subscribe, notify } = createListeners<[number]>();
    const calls: string[] = [];
    const unsubscribe = subscribe((value) => calls.push(`first ${value}`));
    subscribe((value) => calls.push(`second ${value}`));
    notify(1);
    unsubscribe();
    notify(2);
    assert.deepEqual(calls, ["first 1", "second 1", "second 2"]);
  });
});

describe("a store", () => {
  it("notifies subscribers after each change, when the new state can be read", () => {
    const store = createDeviceStore(1);
    const states: number[] = [];
    const unsubscribe = store.subscribe(() => states.push(store.get()));
    store.set(2);
    store.set(3);
    unsubscribe();
    store.set(4);
    assert.deepEqual(states, [2, 3]);
  });

  it("notifies nothing when the state is the same", () => {
    const state = { isOn: true };
    const store = createDeviceStore(state);
    let calls = 0;
    store.subscribe(() => (calls += 1));
    store.set(state);
    assert.equal(calls, 0);
    store.set({ ...state });
    assert.equal(calls, 1);
  });

  it("can be changed by a subscriber", () => {
    const store = createDeviceStore(0);
    store.subscribe(() => store.set(Math.min(store.get() + 1, 3)));
    store.set(1);
    assert.equal(store.get(), 3);
  });
});

describe("a log-out", () => {
  const original = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  beforeEach(() => {
    const memory = new Map<string, string>();
    const localStorage = {
      getItem: (key: string) => memory.get(key) ?? null,
      setItem: (key: string, value: string) => memory.set(key, value),
      removeItem: (key: string) => memory.delete(key),
    };
    Object.defineProperty(globalThis, "localStorage", { value: localStorage, configurable: true });
  });
  afterEach(() => {
    if (original === undefined) Reflect.deleteProperty(globalThis, "localStorage");
    else Object.defineProperty(globalThis, "localStorage", original);
  });

  it("restores the initial state of every account store and notifies its subscribers", () => {
    const drafts = createAccountStore<readonly string[]>([]);
    const selection = createAccountStore<number | null>(null);
    let calls = 0;
    drafts.subscribe(() => (calls += 1));
    beginSession();
    drafts.set(["hello"]);
    selection.set(7);
    leaveSession();
    assert.deepEqual([drafts.get(), selection.get(), calls], [[], null, 2]);
  });

  it("stops the work of an account store while its state can still be read", () => {
    const stopped: number[] = [];
    const running = createAccountStore<readonly number[]>([], () => stopped.push(...running.get()));
    beginSession();
    running.set([1, 2]);
    leaveSession();
    assert.deepEqual([stopped, running.get()], [[1, 2], []]);
  });

  it("leaves the stores of the device as they are", () => {
    const view = createDeviceStore("list");
    beginSession();
    view.set("grid");
    leaveSession();
    assert.equal(view.get(), "grid");
  });

  it("is not the end of a session by the server: account stores keep their state for the next log-in", () => {
    const drafts = createAccountStore("");
    beginSession();
    drafts.set("hello");
    endSession();
    assert.equal(drafts.get(), "hello");
  });

  it("in another tab restores the account stores of this one, until nobody follows it", () => {
    const window = new EventTarget();
    Object.defineProperty(globalThis, "window", { value: window, configurable: true });
    const stored = (key: string, newValue: string | null) =>
      window.dispatchEvent(Object.assign(new Event("storage"), { key, newValue }));
    const drafts = createAccountStore("");
    const stop = followLogOuts();
    beginSession();
    drafts.set("hello");
    // The end of a session by the server removes the mark alone.
    stored("kinora.session", null);
    assert.equal(drafts.get(), "hello");
    stored("kinora.log-out", "1");
    assert.equal(drafts.get(), "");
    stop();
    drafts.set("again");
    stored("kinora.log-out", "2");
    assert.equal(drafts.get(), "again");
    Reflect.deleteProperty(globalThis, "window");
  });

  it("waits for work that needs the session", async () => {
    const done: string[] = [];
    const sent = Promise.withResolvers<void>();
    beforeLogOut(async () => {
      await sent.promise;
      done.push("sent");
    });
    const finished = finishWork().then(() => done.push("finished"));
    sent.resolve();
    await finished;
    assert.deepEqual(done, ["sent", "finished"]);
  });
});
