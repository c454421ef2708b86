import { INITIALIZE, send, toolCall } from "../support/rpc.ts";
import type { RefereeSite } from "./referee-site.ts";
import type { Scenario } from "./scenario.ts";

async function expectStatus(
  name: string,
  expected: number,
  answering: Promise<Response>,
): Promise<Scenario> {
  const { status, body } = await answering;
  await body?.cancel();
  const check =
    status === expected
      ? ({ id: "status", status: "SUCCESS" } as const)
      : ({
          id: "status",
          status: "FAILURE",
          errorMessage: `${status} and not ${expected}`,
        } as const);
  return { name, standing: "required", checks: [check] };
}

/** What the referee cannot see: that its requests passed the guards, and did not go around them. */
export async function judgeGuards({ server, ...site }: RefereeSite): Promise<Scenario[]> {
  const signed = { url: site.signedUrl };
  const opened = await send(signed, { message: INITIALIZE });
  await opened.body?.cancel();
  const sessionId = opened.headers.get("mcp-session-id") ?? "none";
  const request = { sessionId, message: toolCall("test_simple_text") };
  const foreign = { ...request, token: site.otherToken };
  return [
    await expectStatus("own-session-is-served", 200, send(signed, request)),
    await expectStatus("no-token-is-refused", 401, send(server, request)),
    await expectStatus("session-of-another-is-unknown", 404, send(signed, foreign)),
  ];
}
