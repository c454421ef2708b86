import type { Problem } from "./chart.ts";

const NETWORK = "Check the address, the network, the proxy variables, and that the server runs.";
const CERTIFICATE =
  "Check the server's certificate; with an authority of your own, name its file in --ca.";

const ADVICE_BY_CODE: readonly (readonly [codes: RegExp, advice: string])[] = [
  [/^(ENOTFOUND|EAI_)/, "Check the name in --url, and the machine's name server."],
  [/CERT|SIGNATURE|ERR_TLS|ERR_SSL/, CERTIFICATE],
  [/./, NETWORK],
];

/** An error's name, its code and its HTTP status: never its message, which may quote a server. */
function labelOf(error: Error): { label: string; code: string | undefined } {
  const cause = error.cause instanceof Error ? error.cause : error;
  const found: unknown = Reflect.get(cause, "code");
  const code = typeof found === "string" && /^[A-Z_]+$/i.test(found) ? found : undefined;
  const status: unknown = Reflect.get(error, "status");
  const http = typeof status === "number" ? `HTTP ${status}` : undefined;
  return { label: [error.name, code, http].filter(Boolean).join(", "), code };
}

/** What an error that nobody foresaw tells. */
export function failureOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { what: "It failed for an unknown reason." };
  if (error.name === "TimeoutError")
    return { what: "There was no answer in time.", advice: NETWORK };
  const { label, code } = labelOf(error);
  const [, advice] = ADVICE_BY_CODE.find(([codes]) => codes.test(code ?? "")) ?? [];
  return { what: `It failed (${label}).`, advice };
}
