import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/sdk/types.js";
import { beforeEach, describe, expect, it } from "vitest";

import { PostedAnswer } from "../../../src/mcp/posted-answer.ts";

const answer = (id: RequestId) => ({ jsonrpc: "2.0" as const, id, result: {} });
const PROGRESS: JSONRPCMessage = { jsonrpc: "2.0", method: "notifications/progress" };

/** What was kept for a client that is cut off, and which calls still count as under way. */
let kept: JSONRPCMessage[];
let underWay: readonly RequestId[];
/** Resolves when the calls of a stream are about to be remembered, which takes a while. */
let opening: PromiseWithResolvers<void>;
let remembered: PromiseWithResolvers<void>;

const keeper = {
  async storeEvent(_streamId: string, message: JSONRPCMessage) {
    kept.push(message);
    return `event-${kept.length}`;
  },
  async setStreamRequestIds(_streamId: string, requestIds: RequestId[]) {
    opening.resolve();
    await remembered.promise;
    underWay = requestIds;
  },
  async deleteStreamRequestIds() {
    underWay = [];
  },
};

beforeEach(() => {
  kept = [];
  underWay = [];
  opening = Promise.withResolvers();
  remembered = Promise.withResolvers();
});

function answerTo(...requestIds: RequestId[]): PostedAnswer {
  return new PostedAnswer(keeper, { requestIds, isBatch: true, version: "2025-03-26" });
}

/** The messages of a stream, once it has ended. */
async function messagesOf(response: Response): Promise<unknown[]> {
  const text = await response.text();
  return Array.from(text.matchAll(/^data: (.+)$/gm), ([, data = ""]) => JSON.parse(data));
}

describe("the answer to a POST", () => {
  it("is plain JSON, of which nothing is kept, when all is said at once", async () => {
    const posted = answerTo(1, 2);

    await posted.send(answer(2));
    await posted.send(answer(1));
    const response = await posted.response();

    expect(await response.json()).toEqual([answer(2), answer(1)]);
    expect(kept).toEqual([]);
  });

  it("says all that comes while its stream opens, and ends after the last of it", async () => {
    const posted = answerTo(1, 2);
    await posted.send(PROGRESS);
    const response = posted.response();
    await opening.promise;

    await posted.send(answer(1));
    await posted.send(answer(2));
    remembered.resolve();

    expect(await messagesOf(await response)).toEqual([PROGRESS, answer(1), answer(2)]);
    expect(underWay).toEqual([]);
  });

  it("leaves to whoever resumes its stream only the calls without an answer", async () => {
    const posted = answerTo(1, 2);
    await posted.send(PROGRESS);
    remembered.resolve();
    const response = await posted.response();

    await posted.send(answer(1));
    await posted.handOver();

    expect(await messagesOf(response)).toEqual([PROGRESS, answer(1)]);
    expect(underWay).toEqual([2]);
  });
});
