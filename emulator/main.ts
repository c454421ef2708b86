import { errorCode } from "./error-code.ts";
import { startGitHub } from "./github.ts";

const DEFAULT_PORT = 4001;
const STATE_FILE = ".wrangler/state/github-emulator.json";

const port = Number(process.env.GITHUB_EMULATOR_PORT ?? DEFAULT_PORT);
try {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error("GITHUB_EMULATOR_PORT must be a port number.");
  }
  const github = await startGitHub({ port, stateFile: STATE_FILE });
  process.stdout.write(`The local GitHub listens on ${github.url}\n`);
  const end = () => void github.close().then(() => process.exit(0));
  process.once("SIGINT", end).once("SIGTERM", end);
} catch (error) {
  process.stderr.write(`The local GitHub cannot start. ${explained(error, port)}\n`);
  process.exitCode = 1;
}

function explained(error: unknown, taken: number): string {
  if (!(error instanceof Error)) return String(error);
  const isTaken = errorCode(error) === "EADDRINUSE";
  return isTaken
    ? `Port ${taken} is taken. Set GITHUB_EMULATOR_PORT to a free one.`
    : error.message;
}
