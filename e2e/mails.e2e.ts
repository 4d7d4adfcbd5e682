/** Alerts by e-mail: chosen by each person, tried out, and honest about a mail server that refuses. */
import type { Page } from "@playwright/test";
import { type SmtpSink, smtpSink } from "../server/smtp-sink.ts";
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  type OwnWorld,
  test,
} from "./fixtures.ts";
import { signIn } from "./owner.ts";
import { OWNER, type World } from "./world.ts";

function withMail(ownWorld: OwnWorld, sink: SmtpSink): Promise<World> {
  const SMTP_URL = `smtp://duka:hidden@127.0.0.1:${sink.port}`;
  return ownWorld({ env: { SMTP_URL, ALERT_FROM: "alerts@mugs.co.ke" } });
}

async function openAlerts(page: Page, world: World): Promise<void> {
  await signIn(page, world);
  await page.goto(`${world.origin}/dashboard/settings/alerts`);
  await expect(page.getByRole("heading", { name: "Alerts by e-mail" })).toBeVisible();
}

test("kinds and language are kept with the person, and a test arrives", async ({
  page,
  ownWorld,
}) => {
  await using sink = await smtpSink();
  const world = await withMail(ownWorld, sink);
  await openAlerts(page, world);
  const panel = page.getByRole("region", { name: "Alerts by e-mail" });
  await panel.getByLabel("Payments to review").check();
  await expect(panel.getByText("Kept.")).toBeVisible();
  const swahili = panel
    .getByRole("group", { name: "Language of the mails" })
    .getByLabel("Kiswahili");
  await swahili.check();
  await expect(panel.getByText("Kept.")).toBeVisible();
  await panel.getByRole("button", { name: "Send me a test" }).click();
  await expect(panel.getByText(`took the test for ${OWNER.email}`)).toBeVisible();
  await expect(panel.getByText("250 2.0.0 taken as A1B2")).toBeVisible();
  expect(sink.mails).toMatchObject([{ to: OWNER.email, from: "alerts@mugs.co.ke" }]);
  expect(sink.mails[0]?.subject).toContain("Jaribio la tahadhari zako");
  await expectAccessible(page);
  await page.reload();
  await expect(panel.getByLabel("Payments to review")).toBeChecked();
  await expect(panel.getByLabel("Payments in doubt")).not.toBeChecked();
  await expect(swahili).toBeChecked();
});

test("what the mail server refuses is told in its words, and a lost mail stands at home", async ({
  page,
  ownWorld,
}) => {
  await using sink = await smtpSink();
  const world = await withMail(ownWorld, sink);
  await openAlerts(page, world);
  const panel = page.getByRole("region", { name: "Alerts by e-mail" });
  await panel.getByLabel("Payments in doubt").check();
  await expect(panel.getByText("Kept.")).toBeVisible();
  sink.mood = { kind: "answers", to: "AUTH", with: "535 5.7.8 hidden is wrong" };
  await panel.getByRole("button", { name: "Send me a test" }).click();
  await expect(panel.getByText("refuses the user or the password")).toBeVisible();
  await expect(panel.getByText("535 5.7.8 […] is wrong")).toBeVisible();
  await expectAccessible(page);

  const [user, now] = [`(select id from users where email = '${OWNER.email}')`, Date.now()];
  world.tamper(
    `insert into alert_mails (id, user_id, created_at, tries, next_try_at, given_up_at, fault, said)
     values ('mail_lost', ${user}, ${now}, 29, ${now}, ${now}, 'login', '535 no')`,
  );
  world.tamper(
    `insert into alert_matters (user_id, key, kind, raised_at, mail_id)
     values (${user}, 'callbacks x', 'callbacks', ${now}, 'mail_lost')`,
  );
  await page.goto(`${world.origin}/dashboard`);
  await expect(page.getByText("A mail with 1 alert never reached you.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "See why" }).click();
  await expect(panel.getByText("was given up after a day")).toBeVisible();
  await expectAccessible(page);
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("without a mail server the page says who can mend it", async ({ page, world }) => {
    await signIn(page, world);
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    await page.goto(`${world.origin}/dashboard/settings/alerts`);
    const panel = page.getByRole("region", { name: "Tahadhari kwa barua pepe" });
    await expect(panel.getByText("bado haina seva ya barua")).toBeVisible();
    await expect(panel.getByRole("checkbox")).toHaveCount(0);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
