import { afterAll, beforeAll, beforeEach } from "vitest";

import { type EmulatorControl, emulatorControl } from "../../../emulator/control-client.ts";
import { type GitHubEmulator, startGitHub } from "../../../emulator/github.ts";

/** One emulator for a file, as new before each test. */
export function emulatedGitHub() {
  let github: GitHubEmulator;
  let control: EmulatorControl;

  beforeAll(async () => {
    github = await startGitHub();
    control = emulatorControl(github.url);
  });
  beforeEach(() => control.reset());
  afterAll(() => github.close());

  const send = (path: string, init: RequestInit = {}) =>
    fetch(github.url + path, { redirect: "manual", ...init });

  return {
    send,
    url: () => github.url,
    control: () => control,
    /** The REST API, as whoever the token belongs to. */
    api: (path: string, token?: string, init: RequestInit = {}) =>
      send(`/api/v3${path}`, {
        ...init,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(init.headers as Record<string, string>),
        },
      }),
    token: async (login: string, ...scopes: string[]) =>
      (await control.mintToken({ login, scopes })).access_token,
    appToken: async (login: string) =>
      (await control.mintToken({ login, app: "github-app" })).access_token,
  };
}

export const PRIVATE_NOTES = "/repos/octocat/private-notes";
