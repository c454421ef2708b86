/** How long answers took, in milliseconds from the moment at which the question was due. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** One series of questions of a load: who asked, how much came back, and how soon. */
export interface Series {
  readonly name: string;
  /** Questions a second that were meant to be asked. */
  readonly rate: number;
  /** Questions that came due. */
  readonly due: number;
  readonly answered: number;
  /** Right answers a second that came back. */
  readonly achieved: number;
  /** Came due while too many were waiting already, and were never asked. */
  readonly dropped: number;
  /** The most questions that waited for a free connection at one time. */
  readonly backlog: number;
  /** Failures by kind, and how often each. */
  readonly errors: Readonly<Record<string, number>>;
  /** Absent when nothing was answered. */
  readonly latency?: Latency;
}

/** One figure beside the series, such as what memory was held. */
export interface Fact {
  readonly what: string;
  readonly value: number;
  /** Such as "MiB"; nothing for a plain count. */
  readonly unit?: "MiB" | "KiB" | "%" | "ms" | "s";
}

/** What a load came to. */
export interface Found {
  /** The first is the calibration: the floor, on the same machine, just before. */
  readonly series: readonly Series[];
  readonly facts: readonly Fact[];
  /** Why it did not pass, in words; nothing when it passed. */
  readonly faults: readonly string[];
}

const MIB = 1024 * 1024;

/** A figure of memory, unless the system does not tell it. */
export function memoryFact(what: string, bytes: number | undefined): Fact[] {
  return bytes === undefined ? [] : [{ what, value: bytes / MIB, unit: "MiB" }];
}
