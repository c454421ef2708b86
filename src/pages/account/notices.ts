/** What the page says after a button was pressed. The address holds the key, never the words. */
const NOTICES = {
  one: "The app is disconnected. What it still has open ends within two minutes.",
  all: "Every app is disconnected. What they still have open ends within two minutes.",
};

export type Notice = keyof typeof NOTICES;

export function isNotice(value: string | undefined): value is Notice {
  return value !== undefined && Object.hasOwn(NOTICES, value);
}

export function wordsOf(notice: Notice): string {
  return NOTICES[notice];
}
