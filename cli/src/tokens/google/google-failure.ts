import { BridgeError } from "../../bridge-error.ts";

const FILE_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

const HOW_TO_GET =
  `Set ${FILE_VARIABLE} to a service account's key file, or run ` +
  "`gcloud auth application-default login` and add --impersonate, or run this on Google Cloud.";

/** What Google's answers mean here. */
const ADVICE_BY_STATUS: Readonly<Record<number, string>> = {
  400: "The credentials may be revoked or expired: make new ones. The audience may be none that Google takes.",
  401: "The credentials may be revoked or expired: make new ones.",
  403: "Check that the credentials' account has the role roles/iam.serviceAccountTokenCreator on the service account, and that the IAM Service Account Credentials API is enabled.",
  404: "Check that the service account exists, and that its address is written right.",
};

/** Why there are no credentials. The library's words may quote a file, and are not passed on. */
export function noCredentials(error: unknown): BridgeError {
  const isFile = process.env[FILE_VARIABLE] !== undefined && process.env[FILE_VARIABLE] !== "";
  if (isFile) {
    return new BridgeError(`The file that ${FILE_VARIABLE} names holds no credentials.`, {
      advice: "Check that it exists, that you may read it, and that it is a key file in JSON.",
    });
  }
  if (error instanceof Error && error.message.startsWith("Could not load the default credentials"))
    return new BridgeError("There are no Google credentials here.", { advice: HOW_TO_GET });
  return new BridgeError("The Application Default Credentials cannot be used.", {
    advice: HOW_TO_GET,
  });
}

function numberIn(error: unknown, name: string): number | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
  return typeof value === "number" ? value : undefined;
}

/** Why no ID token was issued. */
export function issueFailure(by: string, error: unknown): BridgeError {
  const status = numberIn(error, "status");
  if (status === undefined) {
    return new BridgeError(`No ID token was issued: ${by} cannot be reached.`, {
      advice: "Check the network, the proxy variables and --ca.",
    });
  }
  return new BridgeError(`No ID token was issued by ${by} (HTTP ${status}).`, {
    advice: ADVICE_BY_STATUS[status] ?? "Try again later.",
  });
}
