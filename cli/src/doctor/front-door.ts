import { refusalOf } from "../http/refusal.ts";
import type { TokenSourceName } from "../options.ts";
import type { Problem } from "./chart.ts";

/** What of Google's stands in front of a server and asks for an ID token, not for OAuth. */
export interface FrontDoor {
  readonly name: "Cloud Run" | "Identity-Aware Proxy";
  readonly advice: string;
}

const CLOUD_RUN: FrontDoor = {
  name: "Cloud Run",
  advice:
    "Use --token-source google-auth (a service account, or --impersonate) or --token-source gcloud (yourself), with an account that has the role roles/run.invoker.",
};

const IAP: FrontDoor = {
  name: "Identity-Aware Proxy",
  advice:
    "Use --token-source google-auth with --audience set to the proxy's OAuth client ID, and an account with the role roles/iap.httpsResourceAccessor.",
};

/** Google's sources, and tokens that somebody else got from them. */
const FITTING: readonly TokenSourceName[] = ["google-auth", "gcloud", "env"];

function isIap({ headers, status }: Response, at: URL): boolean {
  if (headers.has("x-goog-iap-generated-response")) return true;
  const location = headers.get("location") ?? "";
  if (status < 300 || status > 399 || !URL.canParse(location, at.href)) return false;
  return new URL(location, at).hostname === "accounts.google.com";
}

/** Cloud Run refuses with a page of HTML, and names no metadata. */
function isCloudRun(response: Response, at: URL): boolean {
  const refusal = refusalOf(response, undefined);
  if (!refusal || refusal.resourceMetadataUrl) return false;
  const { headers } = response;
  const isPage = headers.get("content-type")?.startsWith("text/html") === true;
  const isGoogle = headers.get("server") === "Google Frontend" || at.hostname.endsWith(".run.app");
  return isPage && isGoogle;
}

/** Recognised by its answer to a request without a token. */
export function frontDoorOf(response: Response, at: URL): FrontDoor | undefined {
  if (isIap(response, at)) return IAP;
  return isCloudRun(response, at) ? CLOUD_RUN : undefined;
}

/** A source whose tokens this door does not take. */
export function wrongSource(door: FrontDoor, source: TokenSourceName): Problem[] {
  if (FITTING.includes(source)) return [];
  return [
    {
      what: `${door.name} takes ID tokens of Google, and --token-source ${source} gets none.`,
      advice: door.advice,
    },
  ];
}
