import { type Answer, notFound } from "./answer.ts";
import { escaped } from "./page.ts";

/** `/avatars/u/{login}`: the first letter, so that a page with an avatar is not broken. */
export function avatar(path: string): Answer {
  const letter = /^\/avatars\/[uo]\/([\w-])/.exec(path)?.[1];
  if (!letter) return notFound();
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="#59636e"/><text x="20" y="28" font-family="system-ui, sans-serif" font-size="22" fill="#fff" text-anchor="middle">${escaped(letter.toUpperCase())}</text></svg>`;
  const headers = { "content-type": "image/svg+xml; charset=utf-8" };
  return { status: 200, headers, body: Buffer.from(svg) };
}
