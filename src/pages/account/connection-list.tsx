import type { Connection } from "../../account/connections.ts";
import { isScope, SCOPES } from "../../auth/scopes.ts";
import { isLoopbackHost } from "../../setting-types.ts";
import { CsrfField } from "./csrf-field.tsx";
import { Moment } from "./time-words.tsx";

interface ConnectionListProps {
  connections: readonly Connection[];
  csrf: string;
}

export function ConnectionList({ connections, csrf }: ConnectionListProps) {
  if (connections.length === 0) {
    return (
      <p>
        No app is connected. <a href="/#connect">Connect one</a>, and it appears here.
      </p>
    );
  }
  return (
    <>
      <ul class="connections">
        {connections.map((connection, index) => (
          <Item {...{ connection, csrf, index }} />
        ))}
      </ul>
      {connections.length > 1 && <DisconnectAll count={connections.length} csrf={csrf} />}
    </>
  );
}

interface ItemProps {
  connection: Connection;
  csrf: string;
  index: number;
}

function Item({ connection, csrf, index }: ItemProps) {
  const { grantId, clientName, scopes, since, lastUsedAt } = connection;
  const sinceId = `since-${index}`;
  return (
    <li>
      <Who {...connection} />
      <dl>
        <dt>Allowed to</dt>
        {scopes.filter(isScope).map((scope) => (
          <dd>{SCOPES[scope].title}</dd>
        ))}
        <dt>Connected since</dt>
        <dd id={sinceId}>
          <Moment at={since} />
        </dd>
        <dt>Last used</dt>
        <dd>{lastUsedAt === undefined ? "Not yet" : <Moment at={lastUsedAt} />}</dd>
      </dl>
      <form method="post" action="/account/revoke">
        <CsrfField csrf={csrf} />
        {/* Apps can share a name; when they were connected tells them apart. */}
        <button
          name="grant"
          value={grantId}
          aria-label={`Disconnect ${clientName}`}
          aria-describedby={sinceId}
        >
          Disconnect
        </button>
      </form>
    </li>
  );
}

/** As on the consent page: only a domain is ever called verified, and a name stands on its own. */
function Who({ clientName, host, isVerified }: Connection) {
  if (isVerified) {
    return (
      <>
        <h3>
          {host} <span class="badge verified">verified</span>
        </h3>
        <p class="quiet">
          It calls itself <bdi>{clientName}</bdi>
        </p>
      </>
    );
  }
  return (
    <>
      <h3>
        <bdi>{clientName}</bdi> <span class="badge unverified">unverified</span>
      </h3>
      <p class="quiet">
        Access went to {host}
        {isLoopbackHost(host) && ", the computer that you signed in on"}
      </p>
    </>
  );
}

function DisconnectAll({ count, csrf }: { count: number; csrf: string }) {
  return (
    <details class="all">
      <summary>
        <h3>Disconnect all {count} apps</h3>
      </summary>
      <p>Each of them must ask you to sign in again before it can do anything in your name.</p>
      <form method="post" action="/account/revoke">
        <CsrfField csrf={csrf} />
        <button class="grave" name="all" value="yes">
          Yes, disconnect all {count}
        </button>
      </form>
    </details>
  );
}
