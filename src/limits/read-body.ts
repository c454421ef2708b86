/** The largest request body of any endpoint: 1 MiB holds every MCP message that our tools take. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads a request's body by the bytes that really arrive; a length that a header claims counts for
 * nothing. Past the limit the rest is read and dropped, since a body that is left unread, or
 * cancelled, breaks the connection before the client has seen the answer.
 */
export async function readBody(
  request: Request,
  limit = MAX_BODY_BYTES,
): Promise<string | undefined> {
  if (!request.body) return "";
  const decoder = new TextDecoder();
  let text = "";
  let seen = 0;
  for await (const chunk of request.body) {
    seen += chunk.byteLength;
    if (seen <= limit) text += decoder.decode(chunk, { stream: true });
    else text = "";
  }
  return seen <= limit ? text + decoder.decode() : undefined;
}
