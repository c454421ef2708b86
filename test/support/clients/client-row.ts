import type { TestStack } from "../stack.ts";

/** A tool's answer, as far as a program shows it. */
export interface ShownAnswer {
  readonly text: string;
  readonly isError: boolean;
}

/** A program that a person has connected to the server. */
export interface ConnectedClient {
  /** The names of the tools that it found. */
  tools(): Promise<string[]>;
  call(tool: string, args?: Record<string, unknown>): Promise<ShownAnswer>;
  /** How often it has asked the person to sign in. */
  signIns(): number;
  /** Makes its token old to itself, where it believes its clock alone and not the server's 401. */
  ageToken?(): Promise<void>;
  /** Ends what is left of it. */
  close(): Promise<void>;
}

/** What a program shows of the server, or does with it, and who shows it. */
export const STEPS = [
  "signs in",
  "lists the tools",
  "calls each tool",
  "goes on after a restart",
  "renews its token",
] as const;

export type Step = (typeof STEPS)[number];

/** One way to use one program with this server: a row of `docs/clients.md`. */
export interface ClientRow {
  readonly program: string;
  readonly version: string;
  /** Address, transport and protocol, as people choose them: `/mcp, --transport http-only`. */
  readonly road: string;
  /** How it proved who it is: through the browser's road, or by a token that was made elsewhere. */
  readonly signsIn: "in the browser" | "with a token";
  /** What it cannot do by its nature, and why, in a few words. */
  readonly cannot?: Partial<Record<Step, string>>;
  /** Starts it with nothing but the address, and signs this person in through the pages, if it can. */
  connect(stack: TestStack, login: string): Promise<ConnectedClient>;
}

/** What one test of a row is about. */
export interface RowStep extends Pick<ClientRow, "program" | "version" | "road" | "signsIn"> {
  readonly step: Step;
  /** Why the program cannot do it. */
  readonly cannot: string | undefined;
}
