/** What is said of a load in docs/reliability.md, whatever it came to. */
export interface About {
  readonly name: string;
  /** What was done. */
  readonly done: string;
  /** How to read it. */
  readonly read: string;
}

export const ABOUT: readonly About[] = [
  {
    name: "load-calls",
    done: "Five people call `add` without a session (2026-07-28), over connections that stay open. Every sum is checked. Without the rate limits: locally their counters are Durable Objects, which cost more processor time than anything else in a call; at Cloudflare they are not.",
    read: "A rate that the machine cannot hold shows as questions that wait or are never asked, and fails the run. The questions come from the same machine and take their share of its cores. One workerd runs a Worker on one core; Cloudflare runs as many as are needed.",
  },
  {
    name: "load-streams",
    done: "Streams of 2024-11-05 are opened in five people's names, each with a session and so an object of its own. All the time somebody calls `add` on one after the other, which must be answered on its own stream. One of the people also calls without a session.",
    read: "No stream may end by itself. When all clients go at once, without a word, the server notices it with the next comments that it sends on the streams, and every object then deletes itself.",
  },
  {
    name: "soak",
    done: "Ten clients of five people do everything in turns: sign in through the pages, refresh, call tools in every era, open and end sessions and streams, look at the account page, send bad requests, sign out.",
    read: "Growth is that of the line that fits the samples of memory best, from the end of the warm-up (a sixth of the time) to the end of the run, as a share of their mean. It must stay below 5 %. The local runtime keeps what KV has written in its own process: calls that are not measured fill it before the run.",
  },
  {
    name: "slow-readers",
    done: "Half of the slow readers ask for the largest answer that a tool gives and take one byte of it a second; the other half do so with a stream in which such answers wait. Half-open requests stop in the middle of their headers or of their body. Idle streams are just open. Another person calls `add` meanwhile.",
    read: "What counts is the other person: the last column says how much longer they wait than without all that.",
  },
  {
    name: "storm",
    done: "Clients of one person open `/sse` every second and go at once, as a broken client does, under the rate limits of `wrangler.jsonc`. Another person calls `add` meanwhile.",
    read: "Beyond the person's limit each opening is answered with 429 and `Retry-After`, before an object is made. What the others feel is in the last column.",
  },
  {
    name: "login-loop",
    done: "A client of one address registers, opens the consent page, gives up and begins again, a thousand times in a minute, under the rate limits of `wrangler.jsonc`. Another person calls `add` meanwhile.",
    read: "Beyond the address's limit each page is answered with 429 and `Retry-After`. What storage is spent on is in [limits.md](limits.md), what the others feel in the last column.",
  },
];
