import { BridgeError } from "../bridge-error.ts";

/** System calls that come before the first byte is sent. */
const BEFORE_SENDING = new Set(["connect", "getaddrinfo"]);

/** What OpenSSL and Node say of a certificate that they do not trust. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ALTNAME/;

/** The innermost errors behind one of `fetch`: it wraps them, and tries each address of a name. */
function causes(error: unknown): readonly NodeJS.ErrnoException[] {
  if (error instanceof AggregateError) return error.errors.flatMap(causes);
  if (!(error instanceof Error)) return [];
  return error.cause === undefined ? [error] : causes(error.cause);
}

function codeOf(error: unknown): string {
  return causes(error).find(({ code }) => code !== undefined)?.code ?? "no reason known";
}

/** Whether a request certainly did not reach the server, so that it may be sent again. */
export function neverSent(error: unknown): boolean {
  const found = causes(error);
  return (
    found.length > 0 &&
    found.every(
      ({ code, syscall }) =>
        code === "UND_ERR_CONNECT_TIMEOUT" ||
        (syscall !== undefined && BEFORE_SENDING.has(syscall)),
    )
  );
}

/** The network failed, not the server nor a token: the same may work later. */
export class NetworkError extends BridgeError {}

/** What a failed `fetch` means, in our words. */
export function networkFailure(error: unknown): NetworkError {
  const code = codeOf(error);
  if (UNTRUSTED.test(code)) {
    return new NetworkError(`The server's certificate is not trusted (${code}).`, {
      advice: "Name the file of the authority that issued it with --ca.",
      cause: error,
    });
  }
  if (neverSent(error)) {
    return new NetworkError(`The server cannot be reached (${code}).`, {
      advice: "Check the address, the network and the proxy variables, then try again.",
      cause: error,
    });
  }
  return new NetworkError(`The connection to the server broke (${code}).`, {
    advice:
      "The request may have been carried out and was not sent again: check before you repeat it.",
    cause: error,
  });
}
