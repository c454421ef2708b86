import { InputError } from "./input-error.ts";
import { newServiceToken, type ServiceTokenFacts } from "./service-token.ts";
import { StartError } from "./start-error.ts";
import { type Command, readArguments, USAGE } from "./token-arguments.ts";
import { type ListedToken, tokenStore, type TokenStore } from "./token-store.ts";

const BAD_INPUT = 2;

try {
  const command = readArguments(process.argv.slice(2));
  if (command) await run(command);
  else console.log(USAGE);
} catch (error) {
  const isOurs = error instanceof InputError || error instanceof StartError;
  console.error(isOurs ? error.message : error);
  process.exitCode = error instanceof InputError ? BAD_INPUT : 1;
}

async function run({ action, place, isJson }: Command): Promise<void> {
  const store = tokenStore(place);
  switch (action.kind) {
    case "create":
      return create(store, action.facts, isJson);
    case "list":
      return list(store, isJson);
    case "revoke":
      return revoke(store, action.which, isJson);
  }
}

/** What the person reads is on standard error, so that standard output is the token and nothing else. */
async function create(store: TokenStore, facts: ServiceTokenFacts, isJson: boolean): Promise<void> {
  const namesake = (await store.list()).find(
    (token) => isLiving(token) && isCalled(token, facts.name),
  );
  if (namesake) {
    throw new InputError(
      `A token named ${facts.name} is good until ${timeOf(namesake.expiresAt)}. Choose another name, or revoke it first.`,
    );
  }
  const { id, token, entry } = await newServiceToken(facts);
  await store.put(entry);
  console.error(
    `Made ${facts.name} (${id}): ${facts.scopes.join(" ")}, until ${timeOf(facts.expiresAt)}. It is not shown again:`,
  );
  console.log(isJson ? json({ id, token, ...facts }) : token);
}

async function list(store: TokenStore, isJson: boolean): Promise<void> {
  const tokens = await store.list();
  if (isJson) console.log(json(tokens));
  else if (tokens.length === 0) console.error("There are no service tokens.");
  else console.log(tableOf(tokens));
}

async function revoke(store: TokenStore, which: string, isJson: boolean): Promise<void> {
  const tokens = await store.list();
  const byId = tokens.filter(({ id }) => id === which);
  // Of those with one name, at most one is living: what is left of the others goes, too.
  const found = byId.length > 0 ? byId : tokens.filter((token) => isCalled(token, which));
  if (found.length === 0) {
    throw new InputError(
      `No token has the id or the name ${which}. npm run token -- list has them.`,
    );
  }
  for (const { id } of found) await store.delete(id);
  if (isJson) console.log(json(found));
  for (const { id, name } of found) {
    console.error(`Revoked ${name} (${id}): it is good nowhere within a minute.`);
  }
}

function isCalled(token: ListedToken, name: string): boolean {
  return token.name.toLowerCase() === name.toLowerCase();
}

function isLiving({ expiresAt }: ListedToken): boolean {
  return expiresAt * 1000 > Date.now();
}

function timeOf(seconds: number | undefined): string {
  return seconds === undefined
    ? "never"
    : new Date(seconds * 1000).toISOString().slice(0, 16) + "Z";
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

function tableOf(tokens: readonly ListedToken[]): string {
  const rows = tokens.map((token) => [
    token.id,
    token.name,
    token.scopes.join(" "),
    `${timeOf(token.expiresAt)}${isLiving(token) ? "" : " (ended)"}`,
    timeOf(token.lastUsedAt),
    `${timeOf(token.createdAt)} by ${token.createdBy}`,
  ]);
  const all = [["ID", "NAME", "SCOPES", "EXPIRES", "LAST USED", "MADE"], ...rows];
  const widths = all[0]?.map((_title, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) =>
    row.map((text, column) => text.padEnd(widths?.[column] ?? 0)).join("  ");
  return all.map((row) => line(row).trimEnd()).join("\n");
}
