import type { Readable } from "node:stream";

/** The longest line that is taken, in bytes: several times what any server accepts. */
const MAX_LINE = 64 * 1024 * 1024;

const NEWLINE = 0x0a;

export interface LineEvents {
  line(text: string): void;
  /** A line was longer than {@link MAX_LINE}. The rest of it is skipped. */
  tooLong(): void;
  end(): void;
}

/**
 * Splits a stream into lines of UTF-8. Pieces of a line are joined once, when its end is there, so that
 * a long one costs one copy, and a character that two pieces share is whole.
 */
export function readLines(input: Readable, events: LineEvents): void {
  let pieces: Buffer[] = [];
  let size = 0;

  const add = (piece: Buffer): void => {
    const fitted = size <= MAX_LINE;
    size += piece.length;
    if (size <= MAX_LINE) pieces.push(piece);
    else if (fitted) {
      pieces = [];
      events.tooLong();
    }
  };
  const finish = (): void => {
    const text = size > MAX_LINE ? "" : Buffer.concat(pieces, size).toString("utf8");
    pieces = [];
    size = 0;
    if (text.trim() !== "") events.line(text);
  };

  input.on("data", (chunk: Buffer) => {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, at));
      finish();
      start = at + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  });
  input.once("end", () => {
    finish();
    events.end();
  });
  input.once("error", () => events.end());
}
