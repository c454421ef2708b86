import { startServer, type TestServer } from "../support/server.ts";
import { signIn } from "../support/sign-in.ts";
import { type BearerProxy, startBearerProxy } from "./bearer-proxy.ts";
import { runReferee, type Scenario } from "./run-referee.ts";
import { complaintsOf, isPassed, isRequired, summaryOf, tableOf } from "./verdict.ts";

const REVISIONS = ["2025-11-25", "2026-07-28"];

const RUN_TIMEOUT_MS = 10 * 60_000;

const isStrict = process.argv.includes("--strict");

const deadline = AbortSignal.timeout(RUN_TIMEOUT_MS);
const tooLate = new Promise<never>((_, reject) => {
  deadline.addEventListener("abort", () => reject(new Error("The referee took too long.")));
});

type Verdicts = Map<string, Scenario[]>;

async function judge({ github }: TestServer, proxy: BearerProxy): Promise<Verdicts> {
  const { access_token } = await signIn({ url: proxy.url, github }, "octocat");
  proxy.signWith(access_token);
  const url = `${proxy.url}/mcp`;
  const verdicts: Verdicts = new Map();
  for (const revision of REVISIONS) {
    verdicts.set(revision, await runReferee({ revision, url, signal: deadline }));
  }
  return verdicts;
}

function report(verdicts: Verdicts): string {
  const all = [...verdicts];
  const note = isStrict
    ? "Strict: a required scenario that does not pass fails this run."
    : "Not gating yet: this run passes whatever the referee found. With --strict it counts.";
  return [
    ...all.flatMap(([revision, scenarios]) => [
      tableOf(revision, scenarios),
      complaintsOf(scenarios),
    ]),
    all.map(([revision, scenarios]) => summaryOf(revision, scenarios)).join("\n"),
    note,
  ]
    .filter(Boolean)
    .join("\n\n");
}

const starting = startServer({ main: "test/support/entries/referee.ts" });
const server = await Promise.race([starting, tooLate]);
const proxy = await startBearerProxy(server.url);
try {
  const verdicts = await Promise.race([judge(server, proxy), tooLate]);
  process.stdout.write(`${report(verdicts)}\n`);
  const isClean = [...verdicts.values()].flat().filter(isRequired).every(isPassed);
  if (isStrict && !isClean) process.exitCode = 1;
} finally {
  await proxy.close();
  await server.close();
}
