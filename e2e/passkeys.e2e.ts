/** Passkeys in a browser with an authenticator of its own: adding, signing in, proving it is them, removing. */
import type { CDPSession, Page } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { signIn, typeCredentials } from "./owner.ts";
import { OWNER, type World } from "./world.ts";

interface Authenticator {
  /** The person shows the finger that it knows, or another. */
  finger(whose: "own" | "a stranger's"): Promise<void>;
  /** Sets what it has counted, as a copy from before would. */
  countFrom(signCount: number): Promise<void>;
}

async function authenticator(page: Page): Promise<Authenticator> {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
  return {
    async finger(whose) {
      const isUserVerified = whose === "own";
      await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
    },
    async countFrom(signCount) {
      const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId });
      await cdp.send("WebAuthn.clearCredentials", { authenticatorId });
      for (const credential of credentials) {
        await cdp.send("WebAuthn.addCredential", {
          authenticatorId,
          credential: { ...credential, signCount },
        });
      }
    },
  };
}

const passkeys = (page: Page) => page.getByRole("region", { name: "Passkeys" });
const rows = (page: Page) =>
  page.getByRole("list", { name: "Your passkeys" }).getByRole("listitem");

async function openPage(page: Page, world: World): Promise<void> {
  await page.goto(`${world.origin}/dashboard/settings/sessions`);
  await expect(page.getByRole("heading", { name: "Your sign-in", level: 1 })).toBeVisible();
}

async function add(page: Page, name: string): Promise<void> {
  await passkeys(page).getByRole("button", { name: "Add a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(rows(page).filter({ hasText: name })).toBeVisible();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Account and settings" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
}

test("a passkey is added, signs in, confirms what is sensitive, and is removed", async ({
  page,
  ear,
  ownWorld,
}) => {
  const world = await ownWorld();
  ear.expectError(/status of 401 .*sign-in$/);
  ear.expectError(/status of 403 .*(begin|remove)$/);
  ear.expectError(/status of 422 .*(remove|passkey)$/);
  await authenticator(page);
  await signIn(page, world);
  await openPage(page, world);
  await expect(passkeys(page).getByText("You have no passkey yet.")).toBeVisible();

  world.proofsRunOut();
  await passkeys(page).getByRole("button", { name: "Add a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await expect(dialog.getByText("your password alone does not open your account")).toBeVisible();
  await expect(dialog.getByLabel("Name")).toHaveValue(/Chrome/);
  await expectAccessible(page);
  await dialog.getByLabel("Name").fill(" ");
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(dialog.getByText("Give the passkey a name.")).toBeVisible();
  await dialog.getByLabel("Name").fill("Office computer");
  await dialog.getByRole("button", { name: "Go on" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
  await proof.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(rows(page)).toHaveText(/Office computer.*Not used yet/);
  const codes = page.getByRole("region", { name: "Recovery codes", exact: true });
  await expect(codes.getByText("10 recovery codes left")).toBeVisible();
  await expectAccessible(page);
  await codes.getByRole("button", { name: "I have kept them" }).click();

  await rows(page).getByRole("button", { name: "Rename Office computer" }).click();
  const naming = page.getByRole("dialog", { name: "Rename this passkey" });
  await naming.getByLabel("Name").fill("Shop computer");
  await naming.getByRole("button", { name: "Save" }).click();
  await expect(rows(page)).toContainText("Shop computer");

  await signOut(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("heading", { name: "Your sign-in", level: 1 })).toBeVisible();
  await expect(rows(page)).toContainText("Last used:");

  await signOut(page);
  await typeCredentials(page, OWNER.email, OWNER.password);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Use a passkey" })).toBeFocused();
  await expect(page.getByLabel("Recovery code")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your sign-in", level: 1 })).toBeVisible();

  world.proofsRunOut();
  await rows(page).getByRole("button", { name: "Remove Shop computer" }).click();
  const removal = page.getByRole("dialog", { name: "Remove Shop computer?" });
  await expect(removal.getByText("It is your last second factor")).toBeVisible();
  await removal.getByLabel("Your password", { exact: true }).fill("not the password");
  await removal.getByRole("button", { name: "Remove" }).click();
  await expectAccessible(page);
  await proof.getByRole("button", { name: "Use a passkey" }).click();
  await expect(removal.getByText("This is not your password")).toBeVisible();
  await removal.getByLabel("Your password", { exact: true }).fill(OWNER.password);
  await removal.getByRole("button", { name: "Remove" }).click();
  await expect(passkeys(page).getByText("You have no passkey yet.")).toBeVisible();
  await expect(codes).toHaveCount(0);

  await signOut(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("opens no account here");
  await typeCredentials(page, OWNER.email, OWNER.password);
  await expect(page.getByRole("heading", { name: "Your sign-in", level: 1 })).toBeVisible();
});

test("a wrong finger signs nobody in, and a copied passkey is refused and noted", async ({
  page,
  ear,
  ownWorld,
}) => {
  const world = await ownWorld();
  ear.expectError(/status of 422 .*sign-in\/passkey$/);
  const device = await authenticator(page);
  await signIn(page, world);
  await openPage(page, world);
  await add(page, "Phone");
  await signOut(page);
  const use = page.getByRole("button", { name: "Use a passkey" });
  await device.finger("a stranger's");
  await use.click();
  await expect(page.getByRole("alert")).toContainText("No passkey was used.");
  await expectAccessible(page);
  await device.finger("own");
  await use.click();
  await expect(page.getByRole("heading", { name: "Your sign-in", level: 1 })).toBeVisible();

  await signOut(page);
  await device.countFrom(0);
  await use.click();
  await expect(page.getByRole("alert")).toContainText("it counts backwards");
  await device.countFrom(50);
  await use.click();
  await expect(page.getByRole("heading", { name: "Your sign-in", level: 1 })).toBeVisible();
  await page.getByRole("link", { name: "Audit log" }).click();
  const did = page.getByRole("list", { name: "What was done" }).getByRole("listitem");
  await expect(
    did.filter({ hasText: `refused a passkey of ${OWNER.email} that counted backwards` }),
  ).toContainText("Name: Phone");
  await expect(did.filter({ hasText: "added a passkey" })).toHaveCount(1);
});

test.describe("on a phone 320 px wide, in the dark, in Swahili", () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: "dark" });

  test("passkeys fit and can be read", async ({ page, ear, ownWorld }) => {
    const world = await ownWorld();
    ear.expectError(/status of 401 .*sign-in$/);
    await authenticator(page);
    await signIn(page, world);
    await openPage(page, world);
    await add(page, "Kompyuta ya ofisi yenye jina refu kuliko inavyohitajika");
    await page.evaluate(() => localStorage.setItem("lipia.locale", "sw"));
    await page.reload();
    const list = page.getByRole("list", { name: "Funguo zako za siri" });
    await expect(list.getByRole("listitem")).toContainText("Bado haujatumika.");
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await list.getByRole("button", { name: /^Ondoa/ }).click();
    await expect(page.getByRole("dialog", { name: /^Uondoe/ })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
