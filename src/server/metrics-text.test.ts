import { describe, expect, test } from "vitest";
import { BEARER, startTestServer } from "../../test/support/test-server.js";
import { formatMetrics } from "./metrics-text.js";

describe("the Prometheus text format", () => {
  test("names, escapes and writes values as the format says", () => {
    const text = formatMetrics([
      {
        name: "viewers",
        help: "Viewers \\ now,\nall.",
        type: "gauge",
        samples: [
          { labels: { stream: 'a"b\\c\nd', kind: "screen" }, value: 3 },
          { labels: {}, value: Number.POSITIVE_INFINITY },
          { labels: { "not a name": "x" }, value: Number.NaN },
        ],
      },
      { name: "not a name", help: "", type: "counter", samples: [] },
      { name: "frames_total", help: "Frames sent.", type: "counter", samples: [{ labels: {}, value: 1e21 }] },
    ]);
    expect(text).toBe(
      [
        "# HELP sightline_viewers Viewers \\\\ now,\\nall.",
        "# TYPE sightline_viewers gauge",
        'sightline_viewers{stream="a\\"b\\\\c\\nd",kind="screen"} 3',
        "sightline_viewers +Inf",
        "sightline_viewers NaN",
        "# HELP sightline_frames_total Frames sent.",
        "# TYPE sightline_frames_total counter",
        "sightline_frames_total 1e+21",
        "",
      ].join("\n"),
    );
  });

  test("is served with the host's metrics and our own", async () => {
    const { send, host } = await startTestServer();
    host.families = [{ name: "frames_total", help: "Frames.", type: "counter", samples: [] }];
    await send({ path: "/api/streams" });
    await send({ path: "/health", headers: { ...BEARER, Host: "evil.example" } });
    const { headers, body } = await send({ path: "/metrics", headers: BEARER });
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    for (const line of [
      "# TYPE sightline_frames_total counter",
      'sightline_http_responses_total{method="GET",status="401"} 1',
      'sightline_http_refusals_total{reason="access"} 1',
      'sightline_http_refusals_total{reason="host"} 1',
      "sightline_viewer_sessions 0",
    ]) {
      expect(body.split("\n")).toContain(line);
    }
  });
});
