/** Asks one Worker one thing over one connection, again and again. */
export interface Connection {
  /**
   * One measured exchange. It throws when the answer is not exactly right. Where reading the answer
   * takes its time, `onAnswered` is called with its last byte, before anything of it is read.
   */
  exchange(onAnswered?: () => void): Promise<void>;
  /** Clears away, between measurements, what exchanges left behind. */
  tidy?(): Promise<void>;
  close(): void;
}

/** A way to put one kind of request to one Worker. */
export type Lane = () => Promise<Connection>;

/** A Worker that has let a client in. */
export interface SignedInSite {
  readonly origin: string;
  readonly token: string;
}
