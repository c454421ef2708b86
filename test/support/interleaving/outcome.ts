import { messageOf } from "../rpc.ts";

type Message = Awaited<ReturnType<typeof messageOf>>;

/** How a call ended: its result, the status that refused it, or what broke it off. */
export type Outcome =
  | { readonly kind: "answered"; readonly login: unknown; readonly text: string }
  | { readonly kind: "refused"; readonly status: number }
  | { readonly kind: "broken"; readonly why: string };

/** No call takes as long; only one that is lost without a word. */
const HANG_LIMIT_MS = 10_000;

/** A connection that the server lost, or forgot, is an outcome too. */
export async function outcomeOf(asking: Promise<Outcome>): Promise<Outcome> {
  let late: NodeJS.Timeout | undefined;
  const forgotten = new Promise<Outcome>((resolve) => {
    const why = `no answer within ${HANG_LIMIT_MS / 1000} s`;
    late = setTimeout(() => resolve({ kind: "broken", why }), HANG_LIMIT_MS);
  });
  try {
    return await Promise.race([asking, forgotten]);
  } catch (error) {
    return { kind: "broken", why: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(late);
  }
}

export async function outcomeOfResponse(response: Response): Promise<Outcome> {
  if (response.status === 200) return outcomeOfMessage(await messageOf(response));
  return (await unanswered(response)) ?? { kind: "broken", why: `status ${response.status}` };
}

/** The outcome of a request that brought no answer, or `undefined` for one that was accepted. */
export async function unanswered(response: Response): Promise<Outcome | undefined> {
  await response.body?.cancel();
  const { status } = response;
  if (status >= 500) return { kind: "broken", why: `status ${status}` };
  return status >= 400 ? { kind: "refused", status } : undefined;
}

export function outcomeOfMessage({ result, error }: Message): Outcome {
  if (!result || result.isError) {
    return { kind: "broken", why: JSON.stringify(error ?? result).slice(0, 200) };
  }
  const text = String(result.content?.[0]?.text);
  return { kind: "answered", login: result.structuredContent?.login, text };
}
