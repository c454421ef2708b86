import type { OAuthFault } from "./oauth-fault.ts";
import { type BodyFault, receiveBody } from "./read-body.ts";

/** A form of a few kilobytes; who needs longer to send it is not sending it. */
const MAX_BODY_MS = 4_000;

/** RFC 6749, section 5.2, knows one code for all; RFC 9110 knows which status says what. */
function answerTo(fault: BodyFault, bytes: number): OAuthFault {
  const answers = {
    "too large": { status: 413, description: `What was sent is larger than ${bytes} bytes.` },
    "too slow": { status: 408, description: "What was sent did not arrive in time." },
    "not UTF-8": { status: 400, description: "What was sent is not UTF-8." },
  };
  return { error: "invalid_request", ...answers[fault] };
}

/** The body of a request to the authorization server, of at most so many bytes, or why not. */
export async function receiveOAuthBody(
  request: Request,
  bytes: number,
): Promise<string | OAuthFault> {
  const { text, fault } = await receiveBody(request, { bytes, milliseconds: MAX_BODY_MS });
  return fault === undefined ? text : answerTo(fault, bytes);
}
