import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { WebSocket } from "ws";
import { until } from "../until.ts";
import { type Account, clip, Platform, type Verb } from "../platform/platform.ts";

/* S2.3 for pushed updates: a socket that is open while a thing ceases to be visible, and one that asks again. */
describe("the updates of a socket (S2.3)", () => {
  before(prepare);
  after(async () => {
    line?.socket.terminate();
    await platform[Symbol.asyncDispose]();
  });

  for (const [name, { hide, show }] of Object.entries(ways()))
    it(`contain nothing about a video that is ${name}, neither in new updates nor in earlier ones`, async () => {
      const thread = await said(noor, { content: "where is that?" });
      await said(mira, { content: `the lighthouse, before it was ${name}`, parent_id: thread });
      await line.settled();
      assert.ok(line.received.includes(`the lighthouse, before it was ${name}`), "it was pushed while it was visible");
      await hide();
      await platform.host.drain();
      await line.settled();
      line.forget();
      // Its owner goes on under it, where that is possible.
      await platform.ask(`/api/v1/videos/${film}/comments`, {
        method: "POST",
        token: mira.token,
        body: { content: "the lighthouse, behind closed doors", parent_id: thread },
      });
      await platform.ask(`/api/v1/comments/${thread}/like`, { method: "POST", token: mira.token });
      await line.settled();
      assert.doesNotMatch(line.received, /lighthouse/i);
      await line.again();
      assert.doesNotMatch(line.received, /lighthouse/i, "nor to a socket that asks for everything once more");
      assert.doesNotMatch(line.received, new RegExp(`"video_id":${film}\\b`));
      const { text } = await platform.ask("/api/v1/updates?after=0", { token: noor.token });
      assert.doesNotMatch(text, /lighthouse/i);
      await show();
      await platform.host.drain();
    });

  it("contain nothing of a deleted comment", async () => {
    const thread = await said(noor, { content: "and that?" });
    const answer = await said(mira, { content: "soon unsaid", parent_id: thread });
    await line.settled();
    assert.ok(line.received.includes("soon unsaid"));
    await act(mira, `DELETE /comments/${answer}`);
    await platform.host.drain();
    await line.settled();
    await line.again();
    assert.ok(!line.received.includes("soon unsaid"));
  });

  it("contain nothing from a user who blocks the reader, neither new nor earlier", async () => {
    const thread = await said(noor, { content: "may I ask?" });
    await said(mira, { content: "you asked enough", parent_id: thread });
    await line.settled();
    assert.ok(line.received.includes("you asked enough"));
    await act(mira, "POST /users/blacklist", { user_id: noor.id });
    await platform.host.drain();
    await line.settled();
    line.forget();
    await platform.ask(`/api/v1/comments/${thread}/like`, { method: "POST", token: mira.token });
    await line.settled();
    await line.again();
    assert.ok(!line.received.includes("you asked enough"));
    assert.ok(!line.received.includes(`"username":"${mira.name}"`));
  });
});

const platform = new Platform();
let mira: Account;
let noor: Account;
let petra: Account;
let administrator: Account;
let film = 0;
let line: Line;

interface Way {
  readonly hide: () => Promise<unknown>;
  readonly show: () => Promise<unknown>;
}
/** The last one does not come back. */
function ways(): Readonly<Record<string, Way>> {
  const become = (visibility: string, more: object = {}) => ({
    hide: () => act(mira, `PUT /videos/${film}`, { visibility, ...more }),
    show: () => act(mira, `PUT /videos/${film}`, { visibility: "public" }),
  });
  return {
    private: become("private"),
    "for followers": become("followers"),
    "behind a password": become("password", { password: "open sesame" }),
    "taken down": {
      hide: () =>
        act(administrator, "POST /moderation/decisions", { kind: "video", id: film, action: "remove", note: "odd" }),
      async show() {
        const { data } = await platform.ask("/api/v1/moderation/queue?state=decided&kind=video", {
          token: administrator.token,
        });
        const [decided] = data["list"] as { readonly id: number }[]; // A page, as its contract says.
        await act(administrator, `POST /moderation/queue/${decided?.id}/undo`);
      },
    },
    deleted: {
      hide: () => act(mira, `DELETE /videos/${film}`),
      async show() {
        film = await publish();
      },
    },
  };
}

/** One socket of Noor's, and what it said. */
class Line {
  readonly socket: WebSocket;
  received = "";
  #marks = 0;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on("message", (bytes: Buffer) => void (this.received += `${bytes.toString()}\n`));
  }

  forget(): void {
    this.received = "";
  }

  /** Every update by now has arrived: the last act is pushed last. */
  async settled(): Promise<void> {
    await platform.host.drain();
    const mark = `mark ${(this.#marks += 1)}.`;
    await act(petra, "POST /messages", { receiver_id: noor.id, content: mark });
    await until(() => this.received.includes(mark), { said: () => this.received.slice(-2_000) });
  }

  /** Asks for everything from the beginning, and forgets earlier frames. */
  async again(): Promise<void> {
    const mark = `mark ${this.#marks}.`;
    this.forget();
    this.socket.send(JSON.stringify({ type: "resume", after: 0 }));
    await until(() => this.received.includes(mark), { said: () => this.received.slice(-2_000) });
  }
}

async function act(who: Account, line: string, body: object = {}): Promise<number> {
  const [method, path = ""] = line.split(" ");
  const answer = await platform.ask(`/api/v1${path}`, { method: method as Verb, token: who.token, body });
  assert.equal(answer.status, 200, `${line}: ${answer.text}`);
  return Number(answer.data["id"]);
}
const said = async (who: Account, body: object): Promise<number> => {
  const id = await act(who, `POST /videos/${film}/comments`, body);
  await platform.host.drain();
  return id;
};

let mediaId = 0;
const publish = async (): Promise<number> => {
  const id = await act(mira, "POST /videos", { title: "Lighthouse", media_id: mediaId });
  await platform.host.drain();
  return id;
};

async function prepare(): Promise<void> {
  await platform.open();
  [mira, noor, petra] = [await platform.join("mira"), await platform.join("noor"), await platform.join("petra")];
  administrator = await platform.administrator();
  await act(noor, `POST /users/${petra.id}/follow`);
  const bytes = await clip("quiet-audio.mp4");
  const first = await platform.upload("/api/v1/videos", mira.token, { name: "a.mp4", bytes }, { title: "Another" });
  mediaId = Number(first.data["media_id"]);
  await platform.host.drain();
  film = await publish();
  const port = await platform.app.listen({ port: 0, host: "127.0.0.1" });
  const { data } = await platform.ask("/api/v1/ws/ticket", { method: "POST", token: noor.token });
  line = new Line(`ws://127.0.0.1:${port}/api/v1/ws?ticket=${String(data["ticket"])}`);
  await until(() => line.received.includes('"hello"'));
}
