/** What a client reads in an answer of the authorization server's endpoints. */
export interface OAuthAnswer {
  readonly status: number;
  readonly error: string | undefined;
  readonly cache: string | null;
}

/** `late` stands for an answer that did not come in time. */
export async function answerTo(request: Promise<Response>): Promise<OAuthAnswer | "late"> {
  try {
    const response = await request;
    const error = /"error":"(\w+)"/.exec(await response.text())?.[1];
    return { status: response.status, error, cache: response.headers.get("cache-control") };
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError") return "late";
    throw error;
  }
}

/** A refusal as RFC 6749, section 5.2, wants it: with its code, and kept by no cache. */
export function refused(status: number, error: string): OAuthAnswer {
  return { status, error, cache: "no-store" };
}
