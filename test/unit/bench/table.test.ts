import { describe, expect, it } from "vitest";

import { markdownTable } from "../../../bench/table.ts";

describe("markdownTable", () => {
  it("lines up words to the left and numbers to the right", () => {
    const table = markdownTable(
      [
        { title: "server", align: "left" },
        { title: "ms", align: "right" },
      ],
      [
        ["floor", "1.04"],
        ["ours", "12.30"],
      ],
    );

    expect(table).toMatchInlineSnapshot(`
      "| server |    ms |
      | ------ | ----: |
      | floor  |  1.04 |
      | ours   | 12.30 |"
    `);
  });
});
