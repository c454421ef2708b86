import type { ClientRow, Step } from "../support/clients/client-row.ts";

/** What a program did at one step. */
export type StepOutcome =
  | { readonly state: "passed" }
  | { readonly state: "failed" | "cannot" | "not run"; readonly why: string };

/** What one program did on one road. */
export interface ClientFound extends Pick<ClientRow, "program" | "version" | "road" | "signsIn"> {
  readonly steps: Readonly<Partial<Record<Step, StepOutcome>>>;
}

/** What the whole matrix of clients came to. */
export interface ClientsFound {
  readonly rows: readonly ClientFound[];
  /** Test files that said nothing of any row. */
  readonly empty: readonly string[];
}
