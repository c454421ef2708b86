import { type GoogleEmulator, startGoogle } from "../../emulator/google.ts";
import { logLines } from "./log-lines.ts";
import { statelessHeaders, statelessMessage } from "./mcp-roads.ts";
import { INITIALIZE, type RawRequest, send } from "./rpc.ts";
import { startServer, type TestServer, type TestServerOptions } from "./server.ts";

/** For whom the local Google makes its tokens, unless a test says otherwise. */
export const AUDIENCE = "https://mcp.example";

/** Whose tokens the local Google makes, unless a test says otherwise. */
export const CI = "ci@octo-project.iam.gserviceaccount.com";

/** Who may call, in {@link googleSettings}. */
const PRINCIPALS = [
  `serviceAccount:${CI}`,
  "serviceAccount:reader@octo-project.iam.gserviceaccount.com=mcp:tools",
  "user:Ada@Example.com=mcp:tools github:read github:private",
  "user:grace@octo.example=mcp:tools",
  "domain:octo.example=mcp:tools github:read github:private",
].join(", ");

/** The settings of a Worker that takes this Google's tokens. */
export function googleSettings(google: GoogleEmulator) {
  return {
    GOOGLE_AUDIENCES: `${AUDIENCE}, 1234-abc.apps.googleusercontent.com`,
    GOOGLE_PRINCIPALS: PRINCIPALS,
    GOOGLE_CERTS_URL: google.certsUrl,
  };
}

export interface GoogleServer extends TestServer {
  readonly google: GoogleEmulator;
}

/** The Worker, and a Google whose ID tokens it takes. */
export async function startGoogleServer(options: TestServerOptions = {}): Promise<GoogleServer> {
  const google = await startGoogle();
  const settings = { ...googleSettings(google), ...options.settings };
  const server = await startServer({ ...options, settings });
  return {
    ...server,
    google,
    async close() {
      await server.close();
      await google.close();
    },
  };
}

/** How a client of each era first comes. */
export const ENTRANCES: readonly { era: string; request: RawRequest }[] = [
  { era: "HTTP+SSE", request: { path: "/sse", method: "GET" } },
  { era: "sessions", request: { message: INITIALIZE } },
  {
    era: "stateless",
    request: { message: statelessMessage("tools/list"), headers: statelessHeaders("tools/list") },
  },
];

/** One stateless call of `whoami`, which opens nothing. */
export function callOnce(
  site: Pick<TestServer, "url">,
  token: string,
  { headers }: Pick<RawRequest, "headers"> = {},
): Promise<Response> {
  return send(site, {
    token,
    message: statelessMessage("tools/call", { name: "whoami", arguments: {} }),
    headers: { ...statelessHeaders("tools/call", "whoami"), ...headers },
  });
}

/** What the log says that a refused token failed at. */
export function checkOf(server: TestServer, response: Response): unknown {
  const requestId = response.headers.get("x-request-id");
  const lines = logLines(server, "token.refused").filter((line) => line.requestId === requestId);
  if (lines.length !== 1) throw new Error(`There are ${lines.length} lines about this refusal.`);
  return lines[0]?.["check"];
}
