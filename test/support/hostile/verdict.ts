import { type Answer, headerOf, type WireRequest } from "./exchange.ts";
import type { TargetServer } from "./target-server.ts";

/** What this server may say to anybody: success, a redirect, or a refusal that an RFC names. */
const ALLOWED = new Set([
  200, 201, 202, 204, 302, 303, 308, 400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 421, 429,
  431,
]);

const GITHUB_TOKEN = /gh[opsru]_[A-Za-z0-9]{16}/;

/** Everything that is wrong with an answer, whatever was asked. */
export function faultsOf(target: TargetServer, wire: WireRequest, answer: Answer): string[] {
  return [
    ...faultsOfStatus(answer),
    ...faultsOfBody(wire, answer),
    ...leaksOf(target, answer),
    ...faultsOfLocation(target, wire, answer),
  ];
}

/** RFC 9110: a 401 carries a challenge (15.5.2), a 405 the methods that are allowed (15.5.6). */
function faultsOfStatus(answer: Answer): string[] {
  const { status } = answer;
  if (!ALLOWED.has(status)) return [`status ${status}`];
  if (status === 405 && !headerOf(answer, "allow")) return ["405 without Allow"];
  const isBare = status === 401 && !headerOf(answer, "www-authenticate");
  return isBare ? ["401 without a challenge"] : [];
}

function faultsOfBody({ method }: WireRequest, answer: Answer): string[] {
  const { body, isWhole } = answer;
  if (!isWhole) return [];
  if (method === "HEAD") return body === "" ? [] : ["a body in answer to HEAD"];
  const type = headerOf(answer, "content-type") ?? "";
  if (body === "") return type.startsWith("application/json") ? ["empty JSON"] : [];
  if (type.startsWith("application/json")) return isJson(body) ? [] : ["JSON that is none"];
  if (type.startsWith("text/event-stream")) return eventsOf(body);
  if (type.startsWith("text/html")) return body.startsWith("<!doctype html>") ? [] : ["no HTML"];
  if (/^(text\/plain|text\/css|image\/svg\+xml)/.test(type)) return [];
  return [`a body of type "${type}"`];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function eventsOf(body: string): string[] {
  const data = body.split("\n").filter((line) => line.startsWith("data: "));
  return data.every((line) => line === "data: " || isJson(line.slice(6))) ? [] : ["a broken event"];
}

function leaksOf(target: TargetServer, { headers, body }: Answer): string[] {
  return secretsIn(target, `${headers.flat().join("\n")}\n${body}`).map(
    (secret) => `${secret} in the answer`,
  );
}

/** The names of the secrets that a text gives away. */
export function secretsIn({ secrets }: TargetServer, text: string): string[] {
  const found = [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => name);
  return GITHUB_TOKEN.test(text) ? [...found, "something like a GitHub token"] : found;
}

/** A browser is sent back here, to GitHub, or to the address that the client registered. */
function faultsOfLocation(target: TargetServer, wire: WireRequest, answer: Answer): string[] {
  const location = headerOf(answer, "location");
  if (location === undefined) return [];
  if (!URL.canParse(location, target.origin)) return [`an unreadable Location: ${location}`];
  const url = new URL(location, target.origin);
  if (url.origin === target.origin || url.origin === target.githubUrl) return [];
  const registered = new URL(target.known.redirectUri);
  // RFC 8252, section 7.3: a client on loopback may take any port.
  const isClient = url.hostname === registered.hostname && url.pathname === registered.pathname;
  const host = wire.headers.find(([name]) => name === "host")?.[1];
  // Cloudflare routes these addresses to their owner alone.
  const isOwn = url.hostname.endsWith(".workers.dev") && url.host === host;
  return isClient || isOwn ? [] : [`a Location elsewhere: ${location}`];
}
