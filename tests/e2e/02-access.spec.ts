import { expect, test } from "playwright/test";
import { ADMIN, addPerson, confirm, signIn, URL_BASE, withoutScripts } from "./people.ts";

test.beforeAll(async () => {
  await addPerson("viewer");
  await addPerson("operator");
});

test("a wrong password and an unknown address are refused in the same words", async ({ page }) => {
  for (const email of [ADMIN.email, "nobody@example.org"]) {
    await page.goto(`${URL_BASE}/login`);
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("main").getByRole("alert")).toContainText("The email address or the password is wrong");
    await expect(page).toHaveURL(/\/login/);
  }
});

test("a password sent before the page has come alive is not in the address", async ({ page }) => {
  const come = await withoutScripts(page);
  await page.goto(`${URL_BASE}/login`, { waitUntil: "commit" });
  await page.getByLabel("Email address").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  const sent = page.waitForRequest((request) => request.isNavigationRequest());
  await page.getByLabel("Password").press("Enter", { noWaitAfter: true });
  expect((await sent).url()).toBe(`${URL_BASE}/login`);
  await come();
  await signIn(page);
});

test("a sign-in whose script does not come says so", async ({ page }) => {
  await page.goto(`${URL_BASE}/login`, { waitUntil: "networkidle" });
  await page.route("**/*.js", (route) => route.abort());
  await page.getByLabel("Email address").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText(/A part of this page did not come/)).toBeVisible();
});

test("after signing in a reader is where they wanted to be, and never on another site", async ({ page }) => {
  await page.goto(`${URL_BASE}/hosts?x=1`);
  await expect(page).toHaveURL(/\/login\?next=%2Fhosts/);
  await page.getByLabel("Email address").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${URL_BASE}/hosts?x=1`);
  await page.goto(`${URL_BASE}/login?next=//evil.example`);
  await expect(page).toHaveURL(`${URL_BASE}/now`);
});

test("the session cookie is out of reach of scripts and of other sites", async ({ page, context }) => {
  await signIn(page);
  const cookie = (await context.cookies()).find(({ name }) => name === "sightline.session");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  const before = cookie?.value;
  await page.request.get(`${URL_BASE}/api/auth/session`);
  expect((await context.cookies()).find(({ name }) => name === "sightline.session")?.value).not.toBe(before);
});

test("signing out ends the session for a copy of its cookie too", async ({ page, context, request }) => {
  await signIn(page);
  const copy = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  expect((await request.get(`${URL_BASE}/api/v1/hosts`, { headers: { cookie: copy } })).status()).toBe(200);
  await page.getByRole("button", { name: /Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/login/);
  expect((await request.get(`${URL_BASE}/api/v1/hosts`, { headers: { cookie: copy } })).status()).toBe(401);
});

test("a viewer sees the figures and is refused what is not theirs", async ({ page }) => {
  await signIn(page, "viewer@example.org");
  await page.goto(`${URL_BASE}/overview`);
  await expect(page.locator("[data-card=memory]")).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" }).getByText("Settings")).toHaveCount(0);
  const answer = await page.goto(`${URL_BASE}/settings`);
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole("heading", { name: "Not allowed" })).toBeVisible();
  expect((await page.request.patch(`${URL_BASE}/api/v1/settings`, { data: { collection_interval: 1 } })).status()).toBe(
    403,
  );
});

test("an operator may look at the settings; an administrator changes the interval, which holds at once", async ({
  page,
}) => {
  await signIn(page, "operator@example.org");
  await page.goto(`${URL_BASE}/settings`);
  await expect(page.getByLabel("Collection interval")).toBeDisabled();
  // A page that is left open would go to the sign-in by itself, in the middle of what follows.
  await page.goto("about:blank");
  await page.context().clearCookies();

  await signIn(page);
  await page.goto(`${URL_BASE}/settings`);
  await page.getByLabel("Collection interval").fill("9999");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByText(/Use at most 3600/)).toBeVisible();
  await page.getByLabel("Collection interval").fill("1");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByText("Settings saved")).toBeVisible();
  await expect
    .poll(async () => {
      const answer = await page.request.get(`${URL_BASE}/api/v1/metrics/query?series=cpu.usage&from=now-5s&step=1s`);
      return ((await answer.json()) as { series: { interval_ms: number }[] }).series[0]?.interval_ms;
    })
    .toBe(1000);
});

test("the account page changes the password and signs another browser out", async ({ page, browser }) => {
  await addPerson("analyst");
  const other = await browser.newPage();
  await signIn(other, "analyst@example.org");
  await signIn(page, "analyst@example.org");
  await page.goto(`${URL_BASE}/account`);
  await expect(page.getByText("Chrome on Linux")).toHaveCount(2);
  await confirm(page, page.getByRole("button", { name: "Sign out", exact: true }), "Sign out");
  await expect(page.getByText("Chrome on Linux")).toHaveCount(1);
  await other.goto(`${URL_BASE}/overview`);
  await expect(other).toHaveURL(/\/login/);

  await page.getByLabel("Current password").fill("not this");
  await page.getByLabel("New password").fill("marble tundra 9 violins");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("This is not your present password")).toBeVisible();
  await page.getByLabel("Current password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed")).toBeVisible();
});

test("an account is invited by link, works, and is out everywhere the moment it is disabled", async ({
  page,
  browser,
}) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/settings/accounts`);
  await page.getByRole("button", { name: "Add account" }).click();
  await page.getByLabel("Email address").fill("carla@example.org");
  await page.getByRole("dialog").getByLabel("Role").selectOption("analyst");
  await page.getByRole("button", { name: "Invite" }).click();
  const link = (await page.getByRole("dialog").locator("code").textContent()) ?? "";
  expect(new URL(link).hash).not.toBe("");
  const other = await browser.newContext();
  const carla = await other.newPage();
  await carla.goto(link);
  await carla.getByLabel("New password").fill("magnet turtle 88 window");
  await carla.getByRole("button", { name: /Choose|Set|Save/ }).click();
  await expect(carla).toHaveURL(/\/(now|login)/);
  if (carla.url().includes("/login")) await signIn(carla, "carla@example.org", "magnet turtle 88 window");
  await expect(carla.getByRole("heading", { name: "Now", exact: true })).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "Manage carla@example.org" }).click();
  await confirm(page, page.getByRole("button", { name: "Disable account" }), "Disable account");
  await expect(page.getByRole("button", { name: "Enable account" })).toBeVisible();
  expect((await carla.request.get(`${URL_BASE}/api/v1/hosts`)).status()).toBe(401);
  // Her open page notices by itself.
  await expect(carla).toHaveURL(/\/login/);
  await other.close();
  await page.getByRole("button", { name: "Delete account…" }).click();
  await page.getByRole("button", { name: /for good/ }).click();
  await expect(page.getByText("carla@example.org")).toHaveCount(0);
});

test("whoever's password was guessed at sees that on their account page", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/account`);
  await expect(page.getByRole("heading", { name: "Sign-ins" })).toBeVisible();
  await expect(page.getByRole("cell", { name: "Wrong password" }).first()).toBeVisible();
});
