import { createHash } from "node:crypto";
import type { ServerContext } from "../server-env.js";

/** Why the page is shown again. */
export type PinRefusal = { readonly kind: "wrong" } | { readonly kind: "locked"; readonly seconds: number };

interface Words {
  readonly title: string;
  readonly prompt: string;
  readonly open: string;
  readonly wrong: string;
  readonly locked: (seconds: number) => string;
}

const ENGLISH: Words = {
  title: "PIN needed",
  prompt: "Type the six digits that the sharing computer shows",
  open: "Open",
  wrong: "That PIN is not right.",
  locked: (seconds) => `Too many tries. Try again in ${seconds} s.`,
};

const CHINESE: Words = {
  title: "需要 PIN 码",
  prompt: "请输入共享电脑上显示的六位数字",
  open: "打开",
  wrong: "PIN 码不正确。",
  locked: (seconds) => `尝试次数过多，请在 ${seconds} 秒后重试。`,
};

const STYLE = `
:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
body { display: grid; place-items: center; min-height: 100dvh; margin: 0 }
form { display: grid; gap: 1rem; width: min(19rem, 100% - 2rem); text-align: center }
input, button { box-sizing: border-box; width: 100%; border-radius: .5rem; border: 1px solid GrayText }
input { font: 2rem/1.5 ui-monospace, monospace; letter-spacing: .3em; text-align: center }
button { font: inherit; padding: .5rem }
[role=alert] { margin: 0; min-height: 1.5em }
`;

/**
 * The page loads and runs nothing; its one style is named by its hash. Its own referrer policy, because with `no-referrer` browsers
 * send `Origin: null` with a form (Fetch standard, "append a request Origin header"), which is what strangers' requests look like.
 */
export const PIN_PAGE_HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; "),
  "Referrer-Policy": "same-origin",
} as const;

/** Draws the form that asks for the PIN: nothing in it tells what is shared. */
export function pinPage(c: ServerContext, refusal?: PinRefusal): string {
  const chinese = /^\s*zh\b/i.test(c.req.header("accept-language") ?? "");
  const words = chinese ? CHINESE : ENGLISH;
  const alert = refusal === undefined ? "" : refusal.kind === "wrong" ? words.wrong : words.locked(refusal.seconds);
  return `<!doctype html>
<html lang="${chinese ? "zh" : "en"}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title}</title>
<style>${STYLE}</style>
<form method="post" action="/api/pin">
<label for="pin">${words.prompt}</label>
<input id="pin" name="pin" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="6" required autofocus>
<button>${words.open}</button>
<p role="alert">${alert}</p>
</form>
</html>
`;
}
