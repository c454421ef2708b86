import { BridgeError } from "../../bridge-error.ts";
import type { ConnectionOptions } from "../../options.ts";
import { log } from "../../output/log.ts";
import { claimsOf } from "../token-claims.ts";
import type { TokenSource } from "../token-source.ts";
import { findProgram } from "./find-program.ts";
import { identityTokens } from "./identity-tokens.ts";
import { printed } from "./printed.ts";

type GcloudOptions = Pick<ConnectionOptions, "audience" | "refreshMargin">;

/** On Windows gcloud is a batch file. */
const isWindows = process.platform === "win32";
const PROGRAM = isWindows ? "gcloud.cmd" : "gcloud";
const PRINT = ["auth", "print-identity-token"];

const TRY_IT = `Run \`gcloud ${PRINT.join(" ")}\` to see what it says, and \`gcloud auth login\` to sign in.`;

async function printIdentityToken(): Promise<string> {
  const file = await findProgram(PROGRAM);
  if (file === undefined) {
    throw new BridgeError("gcloud is nowhere in PATH.", {
      advice: "Install the Google Cloud CLI, or use --token-source google-auth.",
    });
  }
  const { code, stdout } = await printed(file, PRINT);
  if (code === "timeout")
    throw new BridgeError("gcloud printed no token in time.", { advice: TRY_IT });
  if (code !== 0) {
    throw new BridgeError(`gcloud printed no token (exit code ${code ?? "none"}).`, {
      advice: TRY_IT,
    });
  }
  const token = stdout.trim();
  if (claimsOf(token)) return token;
  throw new BridgeError("gcloud printed what is no ID token.", { advice: TRY_IT });
}

/** ID tokens of the account that gcloud is signed in with. Their audience is gcloud's own. */
export function gcloudTokens(options: GcloudOptions, url: URL): TokenSource {
  const { audience = url.origin, refreshMargin } = options;
  log("info", "gcloud decides for whom its tokens are, and an audience is ignored.", { audience });
  return identityTokens({ issue: printIdentityToken, name: () => "gcloud" }, refreshMargin);
}
