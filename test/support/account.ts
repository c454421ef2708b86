import { Browser, locationOf } from "./browser.ts";
import type { TestServer } from "./server.ts";

type Site = Pick<TestServer, "url" | "github">;

/** A browser on the account page, without a window. */
export class AccountVisitor {
  readonly browser: Browser;
  readonly #site: Site;

  constructor(site: Site, browser = new Browser()) {
    this.#site = site;
    this.browser = browser;
  }

  open(search = ""): Promise<Response> {
    return this.browser.fetch(`${this.#site.url}/account${search}`);
  }

  async page(): Promise<string> {
    return (await this.open()).text();
  }

  /** The way to GitHub, for a browser that keeps what it needs on the way back. */
  async leave(): Promise<string> {
    const sent = await this.browser.submit(`${this.#site.url}/account/sign-in`, []);
    return locationOf(sent).href;
  }

  /** Where GitHub sends the browser back to, once the person has picked an account. */
  async pick(login: string): Promise<string> {
    return this.#site.github.pickAccount(await this.leave(), login);
  }

  /** Presses a button of the account page, with the secret that its forms carry. */
  async press(path: string, field?: [name: string, value: string]): Promise<Response> {
    return this.submit(path, this.form(await this.page(), field));
  }

  /** What a button of a page sends. */
  form(page: string, field?: [name: string, value: string]): [name: string, value: string][] {
    return [["csrf", csrfOf(page)], ...(field ? [field] : [])];
  }

  submit(path: string, fields: [name: string, value: string][]): Promise<Response> {
    return this.browser.submit(`${this.#site.url}/account/${path}`, fields);
  }

  async disconnect(name: string): Promise<Response> {
    return this.press("revoke", ["grant", grantIdOf(await this.page(), name)]);
  }
}

/** Signs a person in to the account page of a fresh browser. */
export async function visitAccount(site: Site, login: string): Promise<AccountVisitor> {
  const visitor = new AccountVisitor(site);
  const back = await visitor.browser.fetch(await visitor.pick(login));
  if (back.status !== 303) throw new Error(`The way back answered ${back.status}.`);
  return visitor;
}

export function csrfOf(page: string): string {
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1];
  if (!csrf) throw new Error(`The page has no form of a signed-in person: ${page.slice(0, 2000)}`);
  return csrf;
}

interface ListedApp {
  readonly name: string;
  readonly grantId: string;
}

/** The apps that a page offers to disconnect, in their order. */
export function appsOn(page: string): ListedApp[] {
  const buttons = page.matchAll(/name="grant" value="([^"]+)" aria-label="Disconnect ([^"]*)"/g);
  return Array.from(buttons, ([, grantId = "", name = ""]) => ({ name, grantId }));
}

export function namesOn(page: string): string[] {
  return appsOn(page).map(({ name }) => name);
}

export function grantIdOf(page: string, name: string): string {
  const app = appsOn(page).find((each) => each.name === name);
  if (!app) throw new Error(`No app ${name} on the page.`);
  return app.grantId;
}

/** The rows of the page's events, as texts: time, what, app, outcome, duration. Newest first. */
export function eventsOn(page: string): string[][] {
  return Array.from(page.matchAll(/<tr><td>(.*?)<\/tr>/gs), ([, row = ""]) =>
    row.split("<td>").map((cell) => cell.replace(/<[^>]*>/g, "").trim()),
  );
}
