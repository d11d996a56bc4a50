import { expect, test } from "vitest";
import { later, type Micros, millis, seconds } from "../../core/index.js";
import type { RungPath } from "./rung-plan.js";
import { ViewerRouting } from "./viewer-routing.js";

const GOOD: RungPath = { targetBps: 8e6, isSkipping: false };
const SLOW: RungPath = { targetBps: 1e6, isSkipping: true };
const TOP = { bitrateBps: 8e6, actualBps: 7e6, keyframeBytes: 50e3 };

/** A routing whose viewers' paths are data; notes what it tells of each. */
function createRouting(paths: Record<string, RungPath>) {
  const told: string[] = [];
  const routing = new ViewerRouting<string>({
    pathOf: (viewer) => paths[viewer] ?? GOOD,
    onRoute: (viewer, encoding) => told.push(`${viewer} ${encoding}`),
  });
  let at: Micros = seconds(1_000);
  const pass = (forMs: number) => {
    const until = later(at, millis(forMs));
    for (; at < until; at = later(at, millis(100))) routing.followPaths(at, TOP);
  };
  return { routing, told, pass, add: (viewer: string, top: "main-420" | "main-444") => routing.add(at, viewer, top) };
}

test("a slow path is sent the low rung, and its own encoding again when it has become wide", () => {
  const paths: Record<string, RungPath> = { slow: SLOW };
  const { routing, told, pass, add } = createRouting(paths);
  add("good", "main-444");
  add("slow", "main-420");
  pass(5_000);
  expect([routing.rungOf("good"), routing.rungOf("slow")]).toEqual(["top", "low"]);
  paths["slow"] = GOOD;
  pass(30_000);
  expect(told).toEqual(["good main-444", "slow main-420", "slow low", "slow main-420"]);
});

test("who takes another encoding while on the low rung gets it on the way up", () => {
  const paths: Record<string, RungPath> = { slow: SLOW };
  const { routing, told, pass, add } = createRouting(paths);
  add("good", "main-420");
  add("slow", "main-420");
  pass(5_000);
  routing.changeTop("slow", "main-444");
  routing.changeTop("good", "main-444");
  paths["slow"] = GOOD;
  pass(30_000);
  expect(told.slice(2)).toEqual(["slow low", "good main-444", "slow main-444"]);
});

test("an encoding that cannot be made is replaced, and not tried again", () => {
  const { routing, told, pass, add } = createRouting({ slow: SLOW });
  add("good", "main-444");
  add("slow", "main-444");
  pass(5_000);
  expect(routing.replace("main-444")).toBe(true);
  expect(routing.replace("low")).toBe(true);
  pass(60_000);
  expect(told.slice(2)).toEqual(["slow low", "good main-420", "slow main-420"]);
  expect(routing.rungOf("slow")).toBe("top");
  expect(routing.replace("main-420")).toBe(false);
});

test("who has left is told nothing any more", () => {
  const { routing, told, pass, add } = createRouting({ slow: SLOW });
  add("good", "main-420");
  add("slow", "main-420");
  routing.remove("slow");
  routing.changeTop("slow", "main-444");
  pass(5_000);
  expect(told).toEqual(["good main-420", "slow main-420"]);
  expect([...routing.viewers()]).toEqual(["good"]);
});
