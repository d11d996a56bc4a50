import { describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.js";
import { temporaryFolder } from "../support/picture-files.js";
import { type PrivateNetwork, startPrivateNetwork } from "../support/private-network.js";
import { runProgram } from "../support/program.js";
import { SIGHTLINE, startSightline } from "../support/sightline.js";
import { requireProgram } from "../support/x-display.js";

const isMissing = requireProgram("unshare").isMissing;
const PATTERN = ["test", "--size", "320x240"];

/** Programs in a network of their own, each for another user as far as links are concerned. */
async function startNeighbours() {
  const network = await startPrivateNetwork();
  const user = () => ({ XDG_RUNTIME_DIR: temporaryFolder() });
  return {
    network,
    share: (...args: string[]) =>
      startSightline("share", [...PATTERN, ...args], { within: network.within, env: user() }),
    list: () => list(network, user()),
    user,
  };
}

async function list({ within }: PrivateNetwork, env: Record<string, string>) {
  const [program = "", ...args] = [...within, process.execPath, SIGHTLINE, "list", "--json"];
  return JSON.parse(String(await runProgram(program, args, { env }))) as Record<string, unknown>[];
}

describe.skipIf(isMissing)("on a network", () => {
  it("a share is found, opened without being named, and gone when it has ended", async () => {
    const { network, share, list, user } = await startNeighbours();
    const sharing = share("--open", "--name", "Lab 2");
    const { port } = await sharing.event("link");
    const [found, ...others] = await eventually({ look: list, until: ({ length }) => length > 0 });
    expect(others).toEqual([]);
    const url = `http://127.0.0.1:${port}/`;
    expect(found).toMatchObject({ url, streams: ["Lab 2"], needs: "nothing", isOwn: false });

    const outputs = ["--no-window", "--frames", "/dev/null"];
    const watch = startSightline("watch", outputs, { within: network.within, env: user() });
    expect(await watch.event("listening")).toMatchObject({ address: new URL(url).origin });
    await watch.event("first-picture");

    await sharing.interrupt();
    expect(await eventually({ look: list, until: ({ length }) => length === 0 })).toEqual([]);
  });

  it("nothing secret is told", async () => {
    const { share, list } = await startNeighbours();
    await share("--name", "Payroll").event("link");
    const [found] = await eventually({ look: list, until: ({ length }) => length > 0 });
    expect(found).toMatchObject({ streams: [], needs: "link" });
    expect(JSON.stringify(found)).not.toMatch(/Payroll|token/);
  });

  it("a share that is not to be announced is not", async () => {
    const { share, list } = await startNeighbours();
    await share("--no-announce").event("link");
    const other = share("--open", "--name", "announced");
    await other.event("link");
    const found = await eventually({ look: list, until: ({ length }) => length > 0 });
    expect(found.map(({ streams }) => streams)).toEqual([["announced"]]);
  });
});
