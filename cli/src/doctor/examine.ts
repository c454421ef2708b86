import { isProxied } from "../http/proxied.ts";
import type { TokenSource } from "../tokens/token-source.ts";
import { askWithToken } from "./authenticated-request.ts";
import { checkCertificate } from "./certificate.ts";
import { type Demand, readChallenge } from "./challenge.ts";
import type { Chart, StepName } from "./chart.ts";
import { resolveName } from "./dns.ts";
import type { Patient } from "./patient.ts";
import { listTools, measure, speak } from "./protocol.ts";
import { reach } from "./reachability.ts";
import { findRegistration } from "./registration.ts";
import { readResourceMetadata } from "./resource-metadata.ts";
import { readServerMetadata } from "./server-metadata.ts";
import { obtainToken } from "./token.ts";

/** That the way is clear for what comes next; undefined where it is not. */
type Clear = true | undefined;

const SIGN_IN_STEPS: readonly StepName[] = [
  "resource metadata",
  "authorization server",
  "registration",
];

/** Name and certificate, where this machine looks at them itself. */
async function findWay(patient: Patient, chart: Chart): Promise<Clear> {
  const { url } = patient;
  if (isProxied(url)) {
    chart.skip("dns", "A proxy resolves the name.");
    chart.skip("tls", "A proxy is in between.");
    return true;
  }
  const found = await chart.step("dns", url, resolveName);
  if (url.protocol === "https:") return chart.step("tls", found, () => checkCertificate(patient));
  chart.skip("tls", "Plain http has none.");
  return found;
}

/** Why the server's sign-in plays no part; undefined where it does. */
function needless(demand: Demand, { options }: Patient): string | undefined {
  if (demand.kind === "nothing") return "The server asks for no sign-in.";
  if (demand.kind === "google") return "Google issues the tokens.";
  if (options.tokenSource === "oauth") return undefined;
  return `It plays no part with --token-source ${options.tokenSource}.`;
}

/** Who issues tokens for the server, and to which clients. */
async function studySignIn(
  patient: Patient,
  demand: Demand | undefined,
  chart: Chart,
): Promise<Clear> {
  const reason = demand && needless(demand, patient);
  if (reason !== undefined) {
    for (const step of SIGN_IN_STEPS) chart.skip(step, reason);
    return true;
  }
  const issuers = await chart.step("resource metadata", demand, (asked) =>
    readResourceMetadata(patient, asked.kind === "token" ? asked.metadataUrl : undefined),
  );
  const fields = await chart.step("authorization server", issuers?.[0], (issuer) =>
    readServerMetadata(patient, issuer),
  );
  return chart.step("registration", fields, (document) =>
    findRegistration(document, patient.options),
  );
}

/** Uses the server as a client does. */
async function use(patient: Patient, source: TokenSource | undefined, chart: Chart): Promise<void> {
  const entrance = await chart.step("authenticated request", source, (given) =>
    askWithToken(patient, given),
  );
  const conversations = await chart.step("protocol", entrance, (open) => speak(patient, open));
  await chart.step("tools", conversations, listTools);
  await chart.step("round trips", conversations, measure);
  for (const conversation of conversations ?? []) await conversation.end();
}

/** Examines a server step by step, each on the ground of those before it. */
export async function examine(
  patient: Patient,
  makeSource: () => Promise<TokenSource>,
  chart: Chart,
): Promise<void> {
  const way = await findWay(patient, chart);
  const answer = await chart.step("reachability", way, () => reach(patient));
  const demand = await chart.step("challenge", answer, (first) => readChallenge(patient, first));
  const known = await studySignIn(patient, demand, chart);
  const source = await chart.step("token", known && answer, async (first) =>
    obtainToken(await makeSource(), first),
  );
  await use(patient, source, chart);
}
