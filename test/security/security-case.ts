/** One exact piece of source text, and what stands there when the guard is off. */
export interface Edit {
  /** Relative to the project; below `node_modules/` where a library is what answers. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

/** One way to switch off the answer to a threat: its edits are made together. */
export type Guard = readonly Edit[];

/** A test file below `test/`, without its ending, and a part of the test's full name. */
export interface TestReference {
  readonly file: string;
  readonly name?: string;
}

/** One threat, what answers it, and what proves that. */
export interface SecurityCase {
  readonly id: string;
  readonly threat: string;
  readonly answer: string;
  readonly tests: readonly TestReference[];
  /** Each of them, off alone, turns at least one of the tests red. */
  readonly guards: readonly Guard[];
}
