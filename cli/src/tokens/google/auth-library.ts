import type { FetchLike } from "@modelcontextprotocol/client";

/** Milliseconds that one request to Google may take; the library repeats some of them. */
const TIMEOUT_MS = 10_000;

const CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

/** Makes the library write what it sends and receives, tokens too: to stderr, and to stdout. */
const TALKATIVE = ["GOOGLE_SDK_NODE_LOGGING", "DEBUG_AUTH"];

/** Where the metadata server is. It is next to the machine, and no proxy may see what it gives out. */
function metadataHosts(): string[] {
  const given = process.env["GCE_METADATA_IP"] ?? process.env["GCE_METADATA_HOST"];
  const own = given === undefined ? [] : [given.replace(/^https?:\/\//, "").replace(/:\d+$/, "")];
  return ["169.254.169.254", "metadata.google.internal.", ...own];
}

/**
 * Google's library, which is large and therefore loaded late, made to keep quiet and to reach Google
 * through `send`. Only `forOthers` asks for a scope: with one, a service account's key would be given
 * an access token in place of an ID token.
 */
export async function googleAuth(send: FetchLike, { forOthers }: { forOthers: boolean }) {
  for (const name of TALKATIVE) delete process.env[name];
  const library = await import("google-auth-library");
  library.gaxios.instance.defaults = { noProxy: metadataHosts(), redirect: "error" };
  const auth = new library.GoogleAuth({
    // Without one the library asks `gcloud` for it, through a shell.
    projectId: "unused",
    scopes: forOthers ? [CLOUD_PLATFORM] : [],
    clientOptions: {
      transporterOptions: {
        fetchImplementation: (input, init) =>
          send(input instanceof Request ? input.url : input, init),
        redirect: "error",
        timeout: TIMEOUT_MS,
      },
    },
  });
  return { ...library, auth };
}
