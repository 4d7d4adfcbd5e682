/** The mailer against a mail server that takes, refuses and falls silent. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SmtpSink, smtpSink } from "../smtp-sink.ts";
import { saidWords, secretsOf } from "./said.ts";
import { type SmtpDoor, smtpMailer } from "./smtp.ts";

const LOGIN = { user: "canary-user", password: "canary-pass phrase" };
const PLAIN = Buffer.from(`\0${LOGIN.user}\0${LOGIN.password}`).toString("base64");
const MAIL = { to: "you@shop.co.ke", subject: "One alert", text: "Habari\n", id: "mail_1" };

let sink: SmtpSink;
beforeEach(async () => {
  sink = await smtpSink();
});
afterEach(() => sink[Symbol.asyncDispose]());

function mailer(over: Partial<SmtpDoor> = {}) {
  const door: SmtpDoor = {
    host: "127.0.0.1",
    port: sink.port,
    privacy: "asked",
    login: LOGIN,
    from: "Duka <alerts@shop.co.ke>",
    ...over,
  };
  return smtpMailer(door);
}

test("a mail arrives as plain text, under the id it was given, and the server's words come back", async () => {
  const outcome = await mailer().send(MAIL);
  expect(outcome).toEqual({ kind: "taken", said: "250 2.0.0 taken as A1B2" });
  const [taken] = sink.mails;
  expect(taken).toMatchObject({
    from: "alerts@shop.co.ke",
    to: "you@shop.co.ke",
    subject: "One alert",
    messageId: "<mail_1@shop.co.ke>",
  });
  expect(taken?.text).toContain("Habari");
  expect(taken?.raw).toMatch(/^Content-Type: text\/plain/m);
});

test("a subject cannot begin another header", async () => {
  await mailer().send({ ...MAIL, subject: "a\r\nBcc: all@shop.co.ke" });
  expect(sink.mails).toHaveLength(1);
  expect(sink.mails[0]?.raw).not.toMatch(/^Bcc:/im);
});

describe.each([
  [
    "login",
    "AUTH",
    `535 5.7.8 no: canary-pass phrase Y2FuYXJ5LXBhc3MgcGhyYXNl canary-user ${PLAIN}`,
  ],
  ["sender", "MAIL", "553 5.1.8 not your address"],
  ["recipient", "RCPT", "550 5.1.1 no such person"],
  ["later", "RCPT", "451 4.7.1 greylisted, come back"],
  ["refused", "DATA", "554 5.7.1 spam"],
] as const)("a refusal because of %s", (fault, to, words) => {
  test("is told in the server's words, without our secrets", async () => {
    sink.mood = { kind: "answers", to, with: words };
    const outcome = await mailer().send(MAIL);
    expect(outcome).toMatchObject({ kind: "failed", fault });
    expect(outcome.said).toContain(words.slice(0, 9));
    expect(outcome.said).not.toMatch(/canary-pass|canary-user|Y2FuYXJ5LXBhc3MgcGhyYXNl/);
    expect(outcome.said).not.toContain(PLAIN);
    expect(sink.mails).toEqual([]);
  });
});

test("a server that is not there, and one without encryption where a password needs it", async () => {
  const nobody = await mailer({ port: 1 }).send(MAIL);
  expect(nobody).toMatchObject({ kind: "failed", fault: "unreachable" });
  const open = await mailer({ privacy: "starttls" }).send(MAIL);
  expect(open).toMatchObject({ kind: "failed", fault: "tls" });
  expect(sink.mails).toEqual([]);
});

test("who waits may hang up on a silent server", async () => {
  sink.mood = { kind: "silent" };
  const hangUp = new AbortController();
  const sent = mailer().send(MAIL, hangUp.signal);
  await expect.poll(() => sink.calls).toBe(1);
  hangUp.abort();
  expect(await sent).toEqual({ kind: "failed", fault: "unreachable", said: "" });
});

test("a check signs in and sends nothing", async () => {
  expect(await mailer().check()).toMatchObject({ kind: "taken" });
  sink.mood = { kind: "answers", to: "AUTH", with: "535 no" };
  expect(await mailer().check()).toMatchObject({ kind: "failed", fault: "login" });
  expect(sink.mails).toEqual([]);
});

test("a short user is a word like others, and stays readable", () => {
  const said = saidWords("550 duka is unknown", secretsOf({ user: "duka", password: "hidden" }));
  expect(said).toBe("550 duka is unknown");
});

test("what a server says is one line of bounded length", () => {
  const said = saidWords(`550 no\r\nway ${"x".repeat(500)}`, []);
  expect(said).toMatch(/^550 no way x+…$/);
  expect(said.length).toBeLessThanOrEqual(241);
});
