import { expect, it } from "vitest";
import { toNtp } from "../rtp/index.js";
import { seconds } from "../time.js";
import { ReceiverRoster } from "./receiver-roster.js";

const NOW = seconds(1_000);
const SSRC = 7;

it("takes a receiver that only reports for one that asks for nothing", () => {
  const roster = new ReceiverRoster();
  expect(roster.onFeedback(NOW, SSRC)).toEqual({ kind: "receiver-appeared", ssrc: SSRC });
  expect(roster.qualities()).toMatchObject([{ ssrc: SSRC, asksForRepair: false }]);
  expect(roster.wantsRepair).toBe(false);
});

it("knows a receiver that asks by its first request, or by its measuring of round trips", () => {
  const asking = new ReceiverRoster();
  expect(asking.onRepairRequest(NOW, SSRC)).toEqual({ kind: "receiver-appeared", ssrc: SSRC });
  expect(asking.qualities()).toMatchObject([{ asksForRepair: true }]);

  const measuring = new ReceiverRoster();
  measuring.onFeedback(NOW, SSRC);
  expect(measuring.onReferenceTime(NOW, SSRC, toNtp(NOW))).toBe(true);
  expect(measuring.qualities()).toMatchObject([{ asksForRepair: true }]);
});
