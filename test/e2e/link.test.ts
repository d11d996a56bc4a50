import { type ShareEvent, type ShareOptions, type ShareStatistics, share } from "sightline";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../support/eventually.js";
import { freePort } from "../support/free-port.js";
import { openLinkClient } from "../support/link-client.js";
import { startSightline } from "../support/sightline.js";

const SIZE = { width: 640, height: 360 };

/** Shares the test pattern by a link, and notes what happens. */
async function shareByLink(options: ShareOptions = {}) {
  const events: ShareEvent[] = [];
  const sharing = await share({
    source: "test",
    size: SIZE,
    profile: "camera",
    bitrateBps: 4e6,
    link: { announce: false },
    onEvent: (event) => events.push(event),
    ...options,
  });
  onTestFinished(() => sharing.close());
  const link = sharing.link!.urls.at(-1)!;
  const statistics = (until: (statistics: ShareStatistics) => boolean) =>
    eventually({ look: () => sharing.statistics(), until });
  return { sharing, events, link, statistics };
}

describe("a link", () => {
  it("lets several viewers share one encode, and each go as it likes", async () => {
    const { events, link, statistics } = await shareByLink();
    const [one, two] = await Promise.all([openLinkClient(link), openLinkClient(link)]);
    await Promise.all([one.more(60), two.more(60)]);
    expect(one.frames[0]!.keyframe && two.frames[0]!.keyframe).toBe(true);
    const { encodedFps, viewers } = await statistics(({ encodedFps }) => encodedFps > 0);
    expect(viewers).toHaveLength(2);
    expect(encodedFps).toBeLessThan(40);

    await one.leave();
    await statistics(({ viewers }) => viewers.length === 1);
    await two.more(30);
    expect(events.filter(({ kind }) => kind === "viewer-joined")).toHaveLength(2);
    expect(events.filter(({ kind }) => kind === "viewer-left")).toHaveLength(1);

    await two.leave();
    await statistics(({ viewers, encodedFps }) => viewers.length === 0 && encodedFps === 0);
  });

  it("sends a late viewer what a still picture consists of, at no cost to the others", async () => {
    const { link } = await shareByLink({ profile: "screen", fps: 1 });
    const first = await openLinkClient(link);
    await first.more(3);
    const keyframes = () => first.frames.filter(({ keyframe }) => keyframe).length;
    const before = keyframes();
    const second = await openLinkClient(link);
    await second.more(1);
    await first.more(1);
    expect(second.frames[0]!.keyframe).toBe(true);
    expect(keyframes()).toBe(before);
  });

  it("moves a viewer behind a narrow path to a smaller picture, and leaves the others alone", async () => {
    // Large enough that the path cannot carry what the pattern takes on average: one that can stays on the top rung.
    const { link, statistics } = await shareByLink({ size: { width: 1_280, height: 720 } });
    const good = await openLinkClient(link);
    await good.more(60);
    const slow = await openLinkClient(link, { rateBps: 300e3 });
    const { viewers } = await statistics(({ viewers }) => viewers.some(({ rung }) => rung === "low"));
    expect(viewers.map(({ rung }) => rung)).toEqual(["top", "low"]);
    const at = slow.frames.length;
    await Promise.all([slow.more(60), good.more(60)]);
    expect(slow.frames.slice(at).some(({ keyframe }) => keyframe)).toBe(true);

    await good.leave();
    await statistics(({ viewers }) => viewers.length === 1 && viewers[0]!.rung === "top");
    await slow.more(30);
  });

  it("leads to several streams", async () => {
    const { sharing, link } = await shareByLink({ source: ["test", "test"], name: "Lab" });
    expect(sharing.streams.map(({ id, name }) => [id, name])).toEqual([
      ["test", "Lab: test pattern"],
      ["test-2", "Lab: test pattern"],
    ]);
    const second = await openLinkClient(link, { stream: "test-2" });
    await second.more(5);
    expect(sharing.statistics().viewers.map(({ stream }) => stream)).toEqual(["test-2"]);
    await expect(openLinkClient(link, { stream: "nowhere" })).rejects.toThrow(/no stream 'nowhere'.*test, test-2/);
  });

  it("asks for a PIN, or for nothing, or for the token that it has", async () => {
    const withPin = await shareByLink({ link: { announce: false, access: "pin", pin: "135790" } });
    await (await openLinkClient(withPin.link, { pin: "135790" })).more(1);
    await expect(openLinkClient(withPin.link)).rejects.toThrow(/asks for a PIN: add --pin CODE/);
    await expect(openLinkClient(withPin.link, { pin: "111111" })).rejects.toThrow(/the PIN is wrong/);

    const withToken = await shareByLink();
    await expect(openLinkClient(new URL(withToken.link).origin)).rejects.toThrow(/copy the whole link/);
    const open = await shareByLink({ link: { announce: false, access: "open" } });
    await (await openLinkClient(open.link)).more(1);
  });
});

describe("sightline watch LINK", () => {
  it("shows it, and goes on when the sharing is begun anew", async () => {
    // Not the default port: another test's share would take it while this one's is away.
    const port = String(await freePort());
    const args = ["test", "--size", "320x240", "--open", "--no-announce", "--port", port];
    const first = startSightline("share", args);
    const { urls } = await first.event("link");
    const watch = startSightline("watch", [urls.at(-1)!, "--no-window", "--frames", "/dev/null"]);
    expect(await watch.event("first-picture")).toMatchObject({ width: 320, height: 240 });
    await watch.event("statistics", ({ glassToGlassMs }) => glassToGlassMs !== undefined);
    expect(await first.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
    await watch.event("stream-ended");

    watch.forget();
    startSightline("share", args);
    await watch.event("statistics", ({ shownFps }) => shownFps > 20);
    expect(await watch.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
  });

  it("says why there is nothing to see", async () => {
    const nobody = startSightline("watch", ["http://127.0.0.1:9/?token=x", "--no-window", "--frames", "/dev/null"]);
    expect((await nobody.end()).stderr).toMatch(/^sightline: http:\/\/127\.0\.0\.1:9 cannot be reached .*\n$/);

    const share = startSightline("share", ["test", "--size", "320x240", "--no-announce", "--tls"]);
    const { urls } = await share.event("link");
    const link = urls.at(-1)!;
    const careful = startSightline("watch", [link, "--no-window", "--frames", "/dev/null"]);
    expect((await careful.end()).stderr).toMatch(/vouches for the certificate.*add --insecure\n$/);
    const watch = startSightline("watch", [link, "--insecure", "--no-window", "--frames", "/dev/null"]);
    await watch.event("first-picture");
  });
});
