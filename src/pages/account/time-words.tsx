const dayFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const clockFormat = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" });

/** A day of UTC, such as 21 November 2026. */
export function dayOf(at: number): string {
  return dayFormat.format(at);
}

interface TimeProps {
  /** Milliseconds since 1970. */
  at: number;
}

/** A minute of a day that stands elsewhere on the page. */
export function Clock({ at }: TimeProps) {
  return <time datetime={new Date(at).toISOString()}>{clockFormat.format(at)}</time>;
}

/** Without a script a page does not know where its reader is, so it says which clock it means. */
export function Moment({ at }: TimeProps) {
  return (
    <time datetime={new Date(at).toISOString()}>
      {dayOf(at)}, {clockFormat.format(at)} UTC
    </time>
  );
}
