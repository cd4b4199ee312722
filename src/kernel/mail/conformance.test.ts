import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { after, before, beforeEach, describe, it } from "node:test";
import { SMTPServer } from "smtp-server";
import { noMailer } from "./none.ts";
import { type Mail, MailFailed } from "./port.ts";
import { createSmtpMailer } from "./smtp.ts";

describe("a mailer over SMTP", () => {
  before(async () => {
    server.listen(0, "127.0.0.1");
    await new Promise<void>((resolve) => server.server.once("listening", () => resolve()));
  });
  beforeEach(() => void (received.length = 0));
  after(() => new Promise<void>((resolve) => server.close(() => resolve())));

  it("gives the server a mail as text and HTML, from the configured address, with the headers of an automatic one", async () => {
    await using mailer = open();
    await mailer.send({ ...mail, subject: "Bestätigung 确认" });
    const [{ from, to, text } = missing] = received;
    assert.deepEqual([from, to], ["kinora@films.example", ["mira@example.org"]]);
    for (const header of [
      /^From: "?Night Owls"? <kinora@films\.example>$/m,
      /^To: mira@example\.org$/m,
      /^Subject: =\?UTF-8\?/m,
      /^Message-ID: <7\.auth@films\.example>$/m,
      /^Date: Fri, 20 Nov 2026 00:00:00 \+0000$/m,
      /^Auto-Submitted: auto-generated$/m,
      /^Content-Type: multipart\/alternative/m,
      /^Content-Type: text\/plain/m,
      /^Content-Type: text\/html/m,
    ])
      assert.match(text, header);
    assert.doesNotMatch(text, /^List-Unsubscribe/m);
  });

  it("offers to end notifications with one request (RFC 8058)", async () => {
    await using mailer = open();
    await mailer.send({ ...mail, unsubscribeUrl: "https://films.example/u/abc" });
    const [{ text } = missing] = received;
    assert.match(text, /^List-Unsubscribe: <https:\/\/films\.example\/u\/abc>$/m);
    assert.match(text, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
  });

  it("sends to one address and adds no header, whatever an address, a name or a subject contains", async () => {
    await using mailer = open();
    const evil = 'x\r\nBcc: eve@example.org\r\n\r\n"';
    await mailer.send({ ...mail, senderName: evil, subject: evil });
    await mailer.send({ ...mail, to: "a@example.org, eve@example.org" }).catch(() => undefined);
    for (const { to, text } of received) {
      assert.equal(to.length, 1);
      assert.doesNotMatch(text.split(/\r?\n\r?\n/)[0] ?? "", /^Bcc:/im);
    }
    assert.ok(!received.some(({ to }) => to.includes("eve@example.org")));
  });

  it("fails with the answer of the server, without the address in it", async () => {
    await using mailer = open();
    await assert.rejects(mailer.send({ ...mail, to: "unknown@example.org" }), (error: Error & { code: string }) => {
      assert.equal(error.code, MailFailed.code);
      assert.match(error.message, /550 no such mailbox/);
      // Errors are logged with all that is in them.
      assert.doesNotMatch(inspect(error, { depth: 9 }), /unknown@/);
      return true;
    });
    assert.equal(received.length, 0);
  });

  it("has the configured name of the sender instead of the site's", async () => {
    await using mailer = open(undefined, { name: "Films, by night", address: "films@example.org" });
    await mailer.send(mail);
    const [message = missing] = received.splice(0);
    assert.equal(message.from, "films@example.org");
    assert.match(message.text, /^From: "Films, by night" <films@example\.org>$/m);
  });

  it("fails where no server answers", async () => {
    await using mailer = open("smtp://127.0.0.1:1");
    await assert.rejects(mailer.send(mail), { code: MailFailed.code, http: 503 });
  });
});

describe("an instance without a mail server", () => {
  it("says so, and refuses every mail", async () => {
    assert.equal(noMailer.isConfigured, false);
    await assert.rejects(noMailer.send(mail), { code: MailFailed.code });
  });
});

const mail: Mail = {
  id: "7.auth",
  to: "mira@example.org",
  senderName: "Night Owls",
  subject: "Hello",
  text: "Hello Mira",
  html: "<p>Hello Mira</p>",
};
const missing = { from: "", to: [] as string[], text: "" };
const received: (typeof missing)[] = [];
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onRcptTo({ address }, _, done) {
    if (address.startsWith("unknown@"))
      done(Object.assign(new Error(`no such mailbox ${address}`), { responseCode: 550 }));
    else done();
  },
  onData(stream, session, done) {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const { mailFrom, rcptTo } = session.envelope;
      received.push({
        from: mailFrom ? mailFrom.address : "",
        to: rcptTo.map(({ address }) => address),
        text: Buffer.concat(chunks).toString().replaceAll("\r\n", "\n"),
      });
      done();
    });
  },
});

function open(
  url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
  from: { readonly name?: string; readonly address: string } = { address: "kinora@films.example" },
) {
  const mailer = createSmtpMailer({ url, from, now: () => Date.UTC(2026, 10, 20) });
  return { ...mailer, [Symbol.asyncDispose]: () => mailer.close() };
}
