import type { TestServer } from "../server.ts";
import { signIn } from "../sign-in.ts";
import { type Channel, sessionChannel, statelessChannel } from "./channel.ts";
import { streamChannel } from "./stream-channel.ts";

/** Five people, of whom two have signed in twice: seven grants, twenty-one sessions. */
export const LOGINS = [
  "octocat",
  "hubot",
  "mona",
  "codercat",
  "bibliocat",
  "octocat",
  "hubot",
] as const;

/** Two sessions, a stream, and what has no session, which comes last. */
export const CHANNELS_EACH = 4;

/** One grant, the GitHub token that acts for it, and the ways in that it has open. */
export interface Inhabitant {
  readonly name: string;
  readonly login: string;
  readonly token: string;
  readonly githubToken: string;
  readonly channels: readonly Channel[];
}

export interface World {
  readonly server: TestServer;
  readonly inhabitants: readonly Inhabitant[];
}

export async function createWorld(server: TestServer): Promise<World> {
  const inhabitants: Inhabitant[] = [];
  // One after the other, so that each sign-in tells its own GitHub token.
  for (const [index, login] of LOGINS.entries()) {
    inhabitants.push(await settle(server, login, `${login} (grant ${index})`));
  }
  return { server, inhabitants };
}

/** The same people, signed in anew. What they had open is closed. */
export async function renewWorld({ server, inhabitants }: World): Promise<World> {
  const channels = inhabitants.flatMap((inhabitant) => inhabitant.channels);
  await Promise.all(channels.map((channel) => channel.end()));
  return createWorld(server);
}

async function settle(server: TestServer, login: string, name: string): Promise<Inhabitant> {
  const before = new Set((await server.github.tokens(login)).map(({ token }) => token));
  const { access_token: token } = await signIn(server, login);
  const minted = (await server.github.tokens(login)).filter((other) => !before.has(other.token));
  const [own, ...others] = minted;
  if (!own || others.length > 0) throw new Error(`A sign-in made ${minted.length} GitHub tokens.`);
  return {
    name,
    login,
    token,
    githubToken: own.token,
    channels: [
      await sessionChannel(server, token),
      await sessionChannel(server, token),
      await streamChannel(server, token),
      statelessChannel(server),
    ],
  };
}
