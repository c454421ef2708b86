/**
 * An answer whose headers can be set: itself, if it was made here, and a copy of one that came from
 * elsewhere. A copy of every answer would turn each short text into a stream, which costs more than
 * the answer.
 */
export function ownResponse(response: Response): Response {
  try {
    // The headers of what was fetched are immutable (Fetch, section 5.1), which shows by any change.
    response.headers.delete("x-request-id");
    return response;
  } catch {
    return new Response(response.body, response);
  }
}
