import type { AccountEvent } from "../../account/events.ts";
import { outcomeWords } from "./outcome-words.ts";
import { Clock, dayOf } from "./time-words.tsx";

interface Day {
  readonly name: string;
  readonly events: AccountEvent[];
}

/** Neighbours of the same day together, in the order in which they come. */
function byDay(events: readonly AccountEvent[]): Day[] {
  const days: Day[] = [];
  for (const event of events) {
    const name = dayOf(event.at);
    const last = days.at(-1);
    if (last?.name === name) last.events.push(event);
    else days.push({ name, events: [event] });
  }
  return days;
}

export function EventTable({ events }: { events: readonly AccountEvent[] }) {
  if (events.length === 0) return <p>Nothing was done yet.</p>;
  return (
    <>
      <p class="quiet">
        The last {events.length === 1 ? "event" : `${events.length} events`}, newest first. Only
        what is in these columns is kept: not what was asked, and not what was answered.
      </p>
      <table class="events">
        <thead>
          <tr>
            <th scope="col">Time (UTC)</th>
            <th scope="col">What</th>
            <th scope="col">App</th>
            <th scope="col">Outcome</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        {byDay(events).map(({ name, events }) => (
          <tbody>
            <tr>
              <th scope="rowgroup" colspan={5}>
                {name}
              </th>
            </tr>
            {events.map((event) => (
              <Row event={event} />
            ))}
          </tbody>
        ))}
      </table>
    </>
  );
}

function Row({ event }: { event: AccountEvent }) {
  return (
    <tr>
      <td>
        <Clock at={event.at} />
      </td>
      <td>
        <What event={event} />
      </td>
      <td>
        <bdi>{event.client}</bdi>
      </td>
      <td>{event.kind === "tool_called" && outcomeWords(event.outcome)}</td>
      <td>{event.kind === "tool_called" && duration(event.durationMs)}</td>
    </tr>
  );
}

const WORDS = {
  signed_in: "Connected",
  disconnected: "Disconnected",
  signed_out_by_github: "Ended, because GitHub no longer let it in",
};

function What({ event }: { event: AccountEvent }) {
  return event.kind === "tool_called" ? <code>{event.tool}</code> : <>{WORDS[event.kind]}</>;
}

function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
