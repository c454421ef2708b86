import { describe, expect, it } from "vitest";

import { chartSvg, escapeXml, widthsOf } from "../../../bench/chart.ts";

describe("the widths of bars", () => {
  it("give all the room to the longest and the others their share", () => {
    expect(widthsOf([50, 200, 100], 400)).toEqual([100, 400, 200]);
  });

  it("let the smallest be seen", () => {
    expect(widthsOf([1, 1_000_000], 400)).toEqual([1, 400]);
  });
});

describe("text in a chart", () => {
  it("is escaped for elements and attributes", () => {
    expect(escapeXml(`a < b & "c" > 'd'`)).toBe("a &lt; b &amp; &quot;c&quot; &gt; &apos;d&apos;");
  });
});

describe("a chart", () => {
  const svg = chartSvg({
    title: "Calls & answers",
    description: "ours: 1234; <stock>: 617",
    bars: [
      { label: "ours", value: 1234.4, of: "ours" },
      { label: "<stock>", value: 617, of: "stock" },
    ],
  });

  it("tells people who cannot see it what it shows", () => {
    expect(svg).toContain('role="img" aria-labelledby="title description"');
    expect(svg).toContain('<title id="title">Calls &amp; answers</title>');
    expect(svg).toContain('<desc id="description">ours: 1234; &lt;stock&gt;: 617</desc>');
  });

  it("writes each number behind its bar, as text", () => {
    expect(svg).toMatch(/<rect class="ours" [^>]*width="450"[^>]*>\s*<text[^>]*>1,234<\/text>/);
    expect(svg).toMatch(/<rect class="stock" [^>]*width="225"[^>]*>\s*<text[^>]*>617<\/text>/);
  });

  it("has colours for a dark page too", () => {
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
  });
});
