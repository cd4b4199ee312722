import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { blocklistChanged, userMuted } from "#events/moderation";
import type { Host } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { usualRules } from "#policy/copies/blocklist";
import { host, LiveFixture } from "../../testing.ts";

const rose = 1;
const link = "see http://evil.example/";

/** A text that a viewer, or the owner of the room, tries to write while something restricts it. */
interface Restriction {
  readonly name: string;
  readonly text: string;
  readonly impose: () => Promise<unknown>;
  /** In place of `impose`, where that is about the viewer alone. */
  readonly imposeOnOwner?: () => Promise<unknown>;
  /** The outcome for the text of a chat message or a gift; `refused` is by this code. */
  readonly becomes: "sent" | "held" | `${"live" | "moderation"}.${string}`;
  /** A ban takes the whole gift; all else only its words. */
  readonly refusesGift?: boolean;
  /** The outcome for the owner's titles and descriptions. */
  readonly owner: "sent" | "flagged" | `moderation.${string}`;
}

const restrictions: readonly Restriction[] = [
  { name: "nothing", text: "hello", impose: async () => undefined, becomes: "sent", owner: "sent" },
  {
    name: "a ban from the room",
    text: "hello",
    impose: () => client.banFromRoom({ id, userId: viewer }, callOf(host)),
    becomes: "live.banned",
    refusesGift: true,
    owner: "sent",
  },
  {
    name: "a mute in the room",
    text: "hello",
    impose: () => client.muteInRoom({ id, userId: viewer, minutes: 5 }, callOf(host)),
    becomes: "live.muted",
    owner: "sent",
  },
  {
    name: "a mute on the instance",
    text: "hello",
    impose: () => mute(viewer),
    imposeOnOwner: () => mute(host),
    becomes: "moderation.muted",
    owner: "moderation.muted",
  },
  {
    name: "a closed chat",
    text: "hello",
    impose: () => client.setChat({ id, isOpen: false }, callOf(host)),
    becomes: "live.chat_closed",
    owner: "sent",
  },
  {
    name: "a chat for followers",
    text: "hello",
    impose: () => client.setChat({ id, followersOnly: true }, callOf(host)),
    becomes: "live.followers_only",
    owner: "sent",
  },
  {
    name: "slow mode",
    text: "hello",
    impose: async () => {
      await client.setChat({ id, slowMode: 3_600 }, callOf(host));
      await client.say({ id, content: "the one of this hour" }, callOf(viewer));
    },
    becomes: "live.slow_mode",
    owner: "sent",
  },
  {
    name: "the pace of five messages",
    text: "hello",
    impose: () =>
      Promise.all(Array.from({ length: 5 }, (_, n) => client.say({ id, content: `quick ${n}` }, callOf(viewer)))),
    becomes: "live.chat_too_fast",
    owner: "sent",
  },
  {
    name: "a word that the room refuses",
    text: "a badword here",
    impose: () => client.setChat({ id, keywords: [{ pattern: "badword", action: "refuse" }] }, callOf(host)),
    becomes: "live.words_refused",
    owner: "sent",
  },
  {
    name: "a word that the room holds",
    text: "a badword here",
    impose: () => client.setChat({ id, keywords: [{ pattern: "badword", action: "hold" }] }, callOf(host)),
    becomes: "held",
    owner: "sent",
  },
  { name: "a link", text: link, impose: async () => undefined, becomes: "held", owner: "sent" },
  {
    name: "a word that the instance refuses",
    text: "a slur here",
    impose: () => block({ pattern: "slur", action: "refuse" }),
    becomes: "moderation.words_refused",
    owner: "moderation.words_refused",
  },
  {
    name: "a word that the instance looks at",
    text: "something dubious",
    impose: () => block({ pattern: "dubious", action: "hold" }),
    becomes: "held",
    owner: "flagged",
  },
];

describe("the gate of texts in live rooms", () => {
  before(async () => {
    await fixture.start();
    neighbour = await fixture.host.addNeighbour();
  });
  beforeEach(open);
  after(() => fixture.host[Symbol.asyncDispose]());

  for (const { name, text, impose, imposeOnOwner = impose, becomes, refusesGift = false, owner } of restrictions) {
    it(`applies ${name} to a chat message: ${becomes}`, async () => {
      await impose();
      const outcome = await outcomeOf(client.say({ id, content: text }, callOf(viewer)), ({ isHeld }) =>
        isHeld ? "held" : "sent",
      );
      assert.equal(outcome, becomes);
      assert.equal((await texts()).includes(text), becomes === "sent");
    });

    it(`applies ${name} to the words of a gift: ${refusesGift ? "no gift" : becomes}`, async () => {
      for (const isAnonymous of [false, true]) {
        await open();
        await impose();
        const giving = client.sendGift({ id, giftId: rose, message: text, isAnonymous }, callOf(viewer));
        const outcome = await outcomeOf(giving, (record) => record.messageReason ?? record.messageStatus);
        assert.equal(outcome, becomes);
        assert.equal((await texts()).includes(text), becomes === "sent");
        assert.equal((await client.get({ id }, callOf(host))).giftCount, refusesGift ? 0 : 1);
        const { items } = await client.held({ id }, callOf(host));
        assert.deepEqual(
          items.map(({ content, userId }) => [content, userId]),
          becomes === "held" ? [[text, viewer]] : [],
        );
      }
    });

    it(`applies ${name} to titles and descriptions of the owner: ${owner}`, async () => {
      const product = { price: 1, stock: 1 };
      const { id: pid } = await client.addProduct({ id, name: "Tape", ...product }, callOf(host));
      await imposeOnOwner();
      const fields: Readonly<Record<string, () => Promise<unknown>>> = {
        "the title of a new room": () => client.create({ title: text }, callOf(host)),
        "the description of a new room": () => client.create({ title: "Quay", description: text }, callOf(host)),
        "the title of a room": () => client.update({ id, title: text }, callOf(host)),
        "the description of a room": () => client.update({ id, description: text }, callOf(host)),
        "the name of a new product": () => client.addProduct({ id, name: text, ...product }, callOf(host)),
        "the description of a new product": () =>
          client.addProduct({ id, name: "Tape", description: text, ...product }, callOf(host)),
        "the name of a product": () => client.updateProduct({ id, pid, name: text }, callOf(host)),
        "the description of a product": () => client.updateProduct({ id, pid, description: text }, callOf(host)),
        // There is no recording: a title that passes meets that next.
        "the title of a clip": () =>
          client.createClip({ id, title: text }, callOf(host)).catch((error: unknown) => {
            if (codeOf(error) !== "live.clip_too_short") throw error;
          }),
      };
      for (const [field, write] of Object.entries(fields)) {
        await fixture.host.drain();
        const flagged = () => fixture.published.filter((one) => one === `flagged ${host}`).length;
        const before = flagged();
        const outcome = await outcomeOf(write(), () => "sent");
        await fixture.host.drain();
        // The video of a clip is flagged where it is made.
        const isFlagged = owner === "flagged" && field !== "the title of a clip";
        assert.equal(outcome, owner === "flagged" ? "sent" : owner, field);
        assert.equal(flagged() - before, isFlagged ? 1 : 0, field);
      }
    });
  }
});

const fixture = new LiveFixture({ tickMs: 5 });
const { client } = fixture;
let neighbour: Host;
let id = 0;
/** Another one in each case, for the pace of a viewer is counted over all rooms. */
let viewer = 100;

async function open(): Promise<void> {
  await fixture.clear();
  id = (await fixture.liveRoom()).id;
  viewer += 1;
}

/** All that viewers read in the room, and in the list of its gifts. */
async function texts(): Promise<string> {
  const [messages, gifts] = await Promise.all([
    client.messages({ id }, callOf(host)),
    client.giftRecords({ id }, callOf(host)),
  ]);
  return JSON.stringify([
    messages.items.map(({ content, detail }) => [content, detail === "" ? "" : (JSON.parse(detail) as unknown)]),
    gifts.items.map(({ message }) => message),
  ]);
}

async function mute(...users: readonly number[]): Promise<void> {
  for (const userId of users)
    await neighbour.db.tx((tx) =>
      neighbour.emit(tx, userMuted, userId, { userId, reason: "noise", atMs: 1, untilMs: null }),
    );
  await fixture.host.drain();
}

async function block(word: { readonly pattern: string; readonly action: "hold" | "refuse" }): Promise<void> {
  version += 1;
  const changed = { version, words: [word], rules: usualRules };
  await neighbour.db.tx((tx) => neighbour.emit(tx, blocklistChanged, 1, changed));
  await fixture.host.drain();
}
let version = 0;

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");
const outcomeOf = <T>(work: Promise<T>, read: (value: T) => string): Promise<string> =>
  work.then(read, (error: unknown) => codeOf(error) || assert.fail(String(error)));
