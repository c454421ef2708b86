import { AsyncLocalStorage } from "node:async_hooks";

/** Where a call stands in its client's trace (W3C Trace Context, as MCP carries it in `_meta`). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The client's span, which is the parent of whatever happens here: 16 hexadecimal digits. */
  readonly spanId: string;
}

/** What all log lines and errors of one request share. Small and plain, so that it crosses RPC. */
export interface RequestContext {
  /** 16 hexadecimal digits, made here: a client's own id would let it forge another's trail. */
  readonly requestId: string;
  readonly trace?: TraceContext | undefined;
}

/** On every answer, and on requests from one object of this Worker to another. */
export const REQUEST_ID_HEADER = "X-Request-Id";

const storage = new AsyncLocalStorage<RequestContext>();

export function newRequest(): RequestContext {
  return { requestId: crypto.randomUUID().replaceAll("-", "").slice(0, 16) };
}

/** The request that is being answered; a new one for work that no request asked for, as alarms do. */
export function currentRequest(): RequestContext {
  return storage.getStore() ?? newRequest();
}

/**
 * Does work for a request, in whichever object: what it logs carries the request's id. To enter what
 * one is in already costs more than to ask.
 */
export function inRequest<Result>(request: RequestContext, work: () => Result): Result {
  const current = storage.getStore();
  const isCurrent = current?.requestId === request.requestId && current.trace === request.trace;
  return isCurrent ? work() : storage.run(request, work);
}
