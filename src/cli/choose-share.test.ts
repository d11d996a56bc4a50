import { expect, it } from "vitest";
import type { FoundLink } from "../pipeline/index.js";
import { chooseShare } from "./choose-share.js";
import { describeShares } from "./commands/list.js";

const OTHER = { streams: [], isOwn: false };
const OWN: FoundLink = {
  url: "http://localhost:8080/?token=a",
  host: "this machine",
  streams: ["screen"],
  needs: "nothing",
  isOwn: true,
};
const PROTECTED: FoundLink = { ...OTHER, url: "http://10.0.0.7:8080/", host: "lab2", needs: "link" };
const WITH_PIN: FoundLink = { ...OTHER, url: "http://10.0.0.8:8080/", host: "door", needs: "pin" };

it("opens the only one", async () => {
  expect(await chooseShare([], undefined)).toBeUndefined();
  expect(await chooseShare([OWN], undefined)).toEqual({ url: OWN.url });
  expect(await chooseShare([{ ...OWN, pin: "123456" }], undefined)).toEqual({ url: OWN.url, pin: "123456" });
  const url = "https://localhost:8080/";
  expect(await chooseShare([{ ...OWN, url }], undefined)).toEqual({ url, insecure: true });
});

it("asks where there are several", async () => {
  const questions: string[] = [];
  const ask = (answer: string) => async (question: string) => {
    questions.push(question);
    return answer;
  };
  expect(await chooseShare([PROTECTED, OWN], ask("2"))).toEqual({ url: OWN.url });
  expect(questions[0]).toBe("  1  lab2: 10.0.0.7:8080\n  2  this machine: screen\nWhich one? [1] ");
  expect(await chooseShare([OWN, PROTECTED], ask(""))).toEqual({ url: OWN.url });
  await expect(chooseShare([OWN, PROTECTED], ask("3"))).rejects.toThrow(/none of them/);
  await expect(chooseShare([OWN, PROTECTED], undefined)).rejects.toThrow(/sightline list/);
});

it("says what is needed besides", async () => {
  await expect(chooseShare([PROTECTED], undefined)).rejects.toThrow(/lab2 shares by a link alone/);
  await expect(chooseShare([WITH_PIN], undefined)).rejects.toThrow(/add --pin CODE/);
  expect(await chooseShare([WITH_PIN], undefined, "135790")).toEqual({ url: WITH_PIN.url, pin: "135790" });
  expect(await chooseShare([WITH_PIN], async () => "135 790")).toEqual({ url: WITH_PIN.url, pin: "135790" });
});

it("lists what was found", () => {
  expect(describeShares([])).toMatch(/^Nothing is shared/);
  expect(describeShares([OWN, WITH_PIN]).split("\n")).toEqual([
    "MACHINE       SHARES  LINK",
    "this machine  screen  http://localhost:8080/?token=a",
    "door                  http://10.0.0.8:8080/           asks for a PIN",
  ]);
});
