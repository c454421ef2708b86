export interface BridgeErrorOptions extends ErrorOptions {
  /** What to do about it, as an instruction. */
  readonly advice?: string;
}

/** What went wrong, in our own words, and what to do. Never holds a secret, nor what a server wrote. */
export class BridgeError extends Error {
  override readonly name = "BridgeError";
  readonly advice: string | undefined;

  constructor(message: string, { advice, ...options }: BridgeErrorOptions = {}) {
    super(message, options);
    this.advice = advice;
  }
}

/** One line for people: what happened, then what to do. What nobody foresaw says its name and message. */
export function explain(error: unknown): string {
  if (error instanceof BridgeError) return [error.message, error.advice].filter(Boolean).join(" ");
  return error instanceof Error ? `${error.name}: ${error.message}` : "A value that is no error.";
}
