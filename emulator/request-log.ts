/** One request that reached this GitHub. The token stands in clear: a test proves with it who acted. */
export interface LoggedRequest {
  at: string;
  method: string;
  /** As it arrived, without the query. */
  path: string;
  query: string;
  /** 0 while no answer has left. */
  status: number;
  token: string | null;
  login: string | null;
  userAgent: string | null;
}

const KEPT_REQUESTS = 2000;

export type RequestLog = ReturnType<typeof requestLog>;

export function requestLog() {
  let requests: LoggedRequest[] = [];
  return {
    add(request: LoggedRequest) {
      requests.push(request);
      if (requests.length > KEPT_REQUESTS) requests.shift();
    },
    list: (login?: string) =>
      login ? requests.filter((request) => request.login === login) : requests,
    clear() {
      requests = [];
    },
  };
}
