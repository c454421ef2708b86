/** Who a bar belongs to decides its colour. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly of: "floor" | "ours" | "stock";
}

export interface Chart {
  readonly title: string;
  /** What a person who cannot see the chart is told. */
  readonly description: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 760;
const LABELS = 250;
/** What the longest bar leaves free for its number. */
const NUMBERS = 60;
const ROW = 30;
const BAR = 18;
const TOP = 44;

/** Text as XML has it, in elements and in attributes. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** The widths of bars, in pixels: the longest takes all the room, and each can be seen. */
export function widthsOf(values: readonly number[], room: number): number[] {
  const most = Math.max(...values);
  return values.map((value) => Math.max(1, Math.round((value / most) * room)));
}

const STYLE = `
    text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
    .title { font-weight: 600; }
    .number { font-variant-numeric: tabular-nums; }
    .ours { fill: #0969da; }
    .stock { fill: #818b98; }
    .floor { fill: #c8cdd3; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .ours { fill: #4493f8; }
      .stock { fill: #818b98; }
      .floor { fill: #484f58; }
    }
  `;

function barOf({ label, value, of }: Bar, width: number, index: number): string {
  const top = TOP + index * ROW;
  const baseline = top + BAR - 4;
  const number = Math.round(value).toLocaleString("en");
  return `  <text x="${LABELS - 10}" y="${baseline}" text-anchor="end">${escapeXml(label)}</text>
  <rect class="${of}" x="${LABELS}" y="${top}" width="${width}" height="${BAR}" rx="3" />
  <text class="number" x="${LABELS + width + 8}" y="${baseline}">${number}</text>`;
}

/**
 * Horizontal bars on a transparent ground. The colours follow the reader's light or dark scheme,
 * which an image that is embedded in a page asks of the browser too.
 */
export function chartSvg({ title, description, bars }: Chart): string {
  const widths = widthsOf(
    bars.map(({ value }) => value),
    WIDTH - LABELS - NUMBERS,
  );
  const height = TOP + bars.length * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
  <title id="title">${escapeXml(title)}</title>
  <desc id="description">${escapeXml(description)}</desc>
  <style>${STYLE}</style>
  <text class="title" x="0" y="20">${escapeXml(title)}</text>
${bars.map((bar, index) => barOf(bar, widths[index] ?? 0, index)).join("\n")}
</svg>
`;
}
