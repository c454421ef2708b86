import { CimdFetchError } from "@cloudflare/workers-oauth-provider";

import { beforeDeadline } from "../deadline.ts";
import { isDocumentAddress } from "../limits/client-id.ts";

/** The OAuth library would wait for 10 seconds, each time that it loads a document. */
const DEADLINE_MS = 4_000;

/** A client's document, or its keys, did not load before the deadline. */
export class DocumentLate extends CimdFetchError {
  override readonly name = "DocumentLate";
}

/** The result of work that loads a client's metadata document. Throws {@link DocumentLate}. */
export function withDocument<T>(clientId: string, work: Promise<T>): Promise<T> {
  if (!isDocumentAddress(clientId)) return work;
  return beforeDeadline(work, DEADLINE_MS, () => new DocumentLate(clientId, "deadline"));
}

function isJson(contentType: string | null): boolean {
  return /^application\/(?:[\w.!#$&^-]+\+)?json[ \t]*(?:;|$)/i.test(contentType ?? "");
}

/**
 * Throws `CimdFetchError` for a document that is not served as its own address says. Redirects are
 * not followed (draft-ietf-oauth-client-id-metadata-document-01, section 4): with an open redirect
 * on a well-known site, anybody's document would be shown as that site's. The library follows them,
 * so the answer is looked at before the library loads it again.
 */
export async function checkClientDocument(clientId: string): Promise<void> {
  if (!isDocumentAddress(clientId)) return;
  const refuse = (why: string) => new CimdFetchError(clientId, new Error(why));
  const response = await fetch(clientId, {
    headers: { Accept: "application/json", "User-Agent": "github-mcp-worker" },
    redirect: "manual",
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch(() => {
    throw refuse("no answer");
  });
  await response.body?.cancel();
  if (response.status !== 200) throw refuse(`status ${response.status}`);
  if (!isJson(response.headers.get("content-type"))) throw refuse("not JSON");
}
