import { describe, expect, it } from "vitest";

import { resultsTable } from "../../../bench/results.ts";
import type { Sample } from "../../../bench/rounds.ts";
import { sessionsTable } from "../../../bench/sessions/sessions-table.ts";

const round = (rate: number, processor = 1): Sample => ({
  rate,
  median: 2,
  p95: 3,
  processor,
});

describe("the table of requests", () => {
  it("compares a server with the one it names, and with no other", () => {
    const results = [
      { name: "stock", samples: [round(100), round(50), round(100)] },
      { name: "ours", against: "stock", samples: [round(150, 0.5), round(60), round(90)] },
      { name: "GitHub", samples: [{ ...round(9), processor: undefined }] },
    ];

    expect(resultsTable([{ name: "`add`", meaning: "", results }], 16)).toMatchInlineSnapshot(`
      "| request | server | median ms | p95 ms | req/s at 16 | CPU ms | compared with | req/s |  from–to |   CPU |
      | ------- | ------ | --------: | -----: | ----------: | -----: | ------------- | ----: | -------: | ----: |
      | \`add\`   | stock  |      2.00 |   3.00 |         100 |   1.00 |               |       |          |       |
      |         | ours   |      2.00 |   3.00 |          90 |   1.00 | stock         | 120 % | 90–150 % | 100 % |
      |         | GitHub |      2.00 |   3.00 |           9 |      – |               |       |          |       |"
    `);
  });
});

describe("the table of open sessions", () => {
  const holding = (memory: number | undefined) => ({ one: round(80), many: round(70), memory });

  it("shows what a session takes as the median of the repetitions, and how far they lay apart", () => {
    const stock = [holding(102_400), holding(204_800), holding(409_600)];

    expect(sessionsTable({ stock, ours: [holding(undefined)] }, 16, 1000)).toMatchInlineSnapshot(`
      "| \`add\` in a session |  open | median ms | p95 ms | req/s at 16 | KiB a session | from–to |
      | ------------------ | ----: | --------: | -----: | ----------: | ------------: | ------: |
      | stock              |     1 |      2.00 |   3.00 |          80 |               |         |
      |                    | 1,000 |      2.00 |   3.00 |          70 |           200 | 100–400 |
      | ours               |     1 |      2.00 |   3.00 |          80 |               |         |
      |                    | 1,000 |      2.00 |   3.00 |          70 |             – |       – |"
    `);
  });
});
