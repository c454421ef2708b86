import { spawn } from "node:child_process";

/** Milliseconds that a program may take. gcloud starts slowly, and may have to ask Google. */
const TIMEOUT_MS = 20_000;
const MAX_OUTPUT_BYTES = 64 * 1024;

export interface Printed {
  /** The exit code; null for a program that a signal ended, or that did not start. */
  readonly code: number | null | "timeout";
  readonly stdout: string;
}

/** Batch files run in `cmd.exe` alone; of this line, only the file's path is not ours. */
function command(file: string, args: readonly string[]) {
  if (!file.endsWith(".cmd")) return { program: file, args, verbatim: false };
  const line = `""${file}" ${args.join(" ")}"`;
  const program = process.env["ComSpec"] ?? "cmd.exe";
  return { program, args: ["/d", "/s", "/v:off", "/c", line], verbatim: true };
}

/**
 * What a program prints, run without a shell, and ended with all that it started if it takes too long.
 * Its stderr is dropped.
 */
export function printed(file: string, given: readonly string[]): Promise<Printed> {
  const { program, args, verbatim } = command(file, given);
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      // A group of its own, which can be ended as a whole.
      detached: process.platform !== "win32",
      env: { ...process.env, CLOUDSDK_CORE_DISABLE_PROMPTS: "1" },
      stdio: ["ignore", "pipe", "ignore"],
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    let stdout = "";
    const end = (code: Printed["code"]) => {
      clearTimeout(timer);
      process.off("exit", kill);
      child.stdout.destroy();
      resolve({ code, stdout });
    };
    const kill = () => endGroup(child.pid);
    const timer = setTimeout(() => {
      kill();
      end("timeout");
    }, TIMEOUT_MS);
    process.once("exit", kill);
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      if (stdout.length < MAX_OUTPUT_BYTES) stdout += chunk;
    });
    child.once("error", () => end(null));
    child.once("close", (code) => end(code));
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
