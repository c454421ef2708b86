import type { SignedInSite } from "../../bench/lanes/lane.ts";
import { statelessHeaders, statelessMessage } from "../support/mcp-roads.ts";
import type { SlowClient } from "../support/slow-sockets.ts";

/** As much as the tool returns; the answer holds it twice, as text and as data. */
export const README_BYTES = 128 * 1024;

/** A question with the largest answer that there is. */
export const LARGE_QUESTION = {
  method: "tools/call",
  params: { name: "getGithubReadme", arguments: { repositoryUrl: "octocat/hello-world" } },
};

const requestText = (line: string, headers: Record<string, string>, body = "") => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${line} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
};

function postHeaders({ origin, token }: SignedInSite, length: number): Record<string, string> {
  return {
    host: new URL(origin).host,
    accept: "application/json, text/event-stream",
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "content-length": String(length),
    ...statelessHeaders("tools/call", "getGithubReadme"),
  };
}

/** Asks for a large answer, and takes a byte of it a second. */
export function slowReader(site: SignedInSite): SlowClient {
  const body = JSON.stringify(statelessMessage(LARGE_QUESTION.method, LARGE_QUESTION.params));
  const headers = postHeaders(site, Buffer.byteLength(body));
  return { sends: requestText("POST /mcp", headers, body), reads: "a byte" };
}

/** Stops in the middle of a request: every other one in its headers, or in its body. */
export function halfOpen(site: SignedInSite, index: number): SlowClient {
  const whole = requestText("POST /mcp", postHeaders(site, 1000), '{"jsonrpc":');
  return { sends: index % 2 === 0 ? whole : whole.slice(0, 60), reads: "all" };
}
