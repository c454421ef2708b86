import type { Connection } from "../../account/connections.ts";
import type { AccountEvent } from "../../account/events.ts";
import type { GitHubServer } from "../../github/server.ts";
import { Layout } from "../layout.tsx";
import { ConnectionList } from "./connection-list.tsx";
import { CsrfField } from "./csrf-field.tsx";
import { EventTable } from "./event-table.tsx";
import { type Notice, wordsOf } from "./notices.ts";

interface AccountPageProps {
  login: string;
  csrf: string;
  /** Newest first, like the events. Names and hosts in both are untrusted. */
  connections: readonly Connection[];
  events: readonly AccountEvent[];
  github: GitHubServer;
  notice?: Notice;
}

export function AccountPage({
  login,
  csrf,
  connections,
  events,
  github,
  notice,
}: AccountPageProps) {
  return (
    <Layout title="Your account">
      <h1>What is connected in your name</h1>
      <form method="post" action="/account/sign-out" class="whoami">
        <CsrfField csrf={csrf} />
        <p>
          Signed in as <strong>{login}</strong>
        </p>
        <button>Sign out</button>
      </form>
      {notice && <output class="notice">{wordsOf(notice)}</output>}
      <section aria-labelledby="apps">
        <h2 id="apps">Connected apps</h2>
        <ConnectionList connections={connections} csrf={csrf} />
      </section>
      <section aria-labelledby="events">
        <h2 id="events">What was done</h2>
        <EventTable events={events} />
      </section>
      <section aria-labelledby="github">
        <h2 id="github">At GitHub</h2>
        <p>
          All these apps reach {github.host} through this server, which is one app there. Revoke it
          under{" "}
          <a href={`${github.web}/settings/applications`}>
            Settings → Applications on {github.host}
          </a>
          , and all of them end.
        </p>
      </section>
    </Layout>
  );
}
