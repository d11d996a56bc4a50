import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { requireProgram } from "./x-display.js";

const { isMissing } = requireProgram("chromium");

/** Whether tests in a browser are left out, because there is none. */
export const isBrowserMissing = isMissing;

/** One Chromium, without a window, for the tests of a file. */
export interface TestBrowser {
  /** A page in a browser profile of its own; closed when the test has finished. What it logs as an error fails nothing. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** A profile of its own, for more than one page. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
}

/** Starts a Chromium before the tests of the file that calls this, and ends it after them. */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (!isMissing) browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  });
  afterAll(() => browser?.close());
  const newContext = async (options?: BrowserContextOptions) => {
    const context = await browser!.newContext({ locale: "en-GB", ...options });
    onTestFinished(() => context.close());
    return context;
  };
  return { newContext, newPage: async (options) => (await newContext(options)).newPage() };
}
