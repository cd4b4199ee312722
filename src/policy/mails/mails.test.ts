import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addressChangedMail, resetMail, testMail, verificationMail } from "./mails.ts";

describe("a mail", () => {
  it("has the link, the name and the accent of the instance, as text and as HTML", () => {
    const { subject, text, html } = resetMail(sender, { language: "en", username: "mira" }, "abc_-1");
    assert.equal(subject, "Reset your password for Night Owls");
    assert.match(text, /Hello mira,[^]*\nhttps:\/\/owls\.example\/reset#abc_-1\n/);
    assert.match(html, /href="https:\/\/owls\.example\/reset#abc_-1" style="[^"]*background:#7f56d9;color:#ffffff/);
    assert.match(verificationMail(sender, { language: "zh", username: "mira" }, "x").text, /verify-email#x\n/);
  });

  it("is in the language of its reader", () => {
    for (const mail of [addressChangedMail(sender, { language: "zh", username: "mira" }), testMail(sender, "zh")]) {
      assert.match(mail.html, /<html lang="zh">/);
      assert.match(mail.subject, /\p{Script=Han}/u);
    }
  });

  it("contains no markup and no header that a user or an administrator chose", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, username) => {
        const evil = `${username}<b>"\r\nBcc: x`;
        const { subject, html } = verificationMail(
          { ...sender, name: `${name}<i>\n` },
          { language: "en", username: evil },
          "t",
        );
        assert.doesNotMatch(subject, /[\r\n]/);
        assert.doesNotMatch(html, /<[bi]>/);
      }),
    );
  });
});

const sender = { name: "Night Owls", accent: "#7f56d9", ink: "#ffffff", address: "https://owls.example" };
