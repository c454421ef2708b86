import { geminiCli } from "../gemini-cli.ts";
import { installedVersion } from "../installed-version.ts";
import { signInAtOpenedPage } from "../opened-page.ts";
import type { ModelCall } from "../scripted-model.ts";
import { openShell } from "../shell.ts";
import type { ClientRow } from "./client-row.ts";

/** It renews a token that ends within this time before each request. */
const HEAD_START_MS = 5 * 60_000;

/** Runs of `gemini --prompt`, by one person, one after the other. The model is a script. */
export const geminiCliRows: readonly ClientRow[] = [
  {
    program: "Gemini CLI",
    version: installedVersion("@google/gemini-cli"),
    road: "/mcp, oauth",
    signsIn: "in the browser",
    async connect(stack, login) {
      const shell = await openShell();
      const server = { httpUrl: `${stack.url}/mcp`, trust: true, oauth: { enabled: true } };
      const { prompt, credentials, keep } = await geminiCli(shell, { github: server });
      let known: string | undefined;

      async function keepUntil(expiresAt: number): Promise<void> {
        const kept = await credentials();
        await keep(kept.map((one) => ({ ...one, token: { ...one.token, expiresAt } })));
      }

      /** To a token of a minute the head start would be a renewal with every request: too many. */
      async function withoutHeadStart(): Promise<void> {
        const [kept] = await credentials();
        if (!kept?.token.expiresAt || kept.token.accessToken === known) return;
        known = kept.token.accessToken;
        await keepUntil(kept.token.expiresAt + HEAD_START_MS);
      }

      async function turn(call?: ModelCall) {
        const done = await prompt(call);
        await withoutHeadStart();
        return done;
      }

      const first = turn();
      await signInAtOpenedPage(stack, shell, first, { login });
      const { offered } = await first;
      return {
        tools: () => Promise.resolve([...offered]),
        call: async (tool, args = {}) => (await turn({ tool, args })).answer!,
        signIns: () => shell.opened().length,
        ageToken: () => keepUntil(Date.now()),
        close: shell.remove,
      };
    },
  },
];
