import type { ComponentChildren } from "preact";
import { useWords } from "../language/language.js";

interface NoticeProps {
  readonly title: string;
  readonly hint?: string | undefined;
  /** Something is going on by itself. */
  readonly busy?: boolean;
  /** What a person can do about it. */
  readonly children?: ComponentChildren;
}

/** A card in the middle that says why there is no picture. */
export function Notice({ title, hint, busy = false, children }: NoticeProps) {
  return (
    <div class="notice">
      {busy && <span class="spinner" aria-hidden="true" />}
      <h2>{title}</h2>
      {hint !== undefined && <p>{hint}</p>}
      {children}
    </div>
  );
}

/** Says that the link is not let in. Loaded anew, the server asks for a PIN where one is needed. */
export function RefusedNotice() {
  const words = useWords();
  return (
    <Notice title={words.refused} hint={words.refusedHint}>
      <button type="button" class="action" onClick={() => location.reload()}>
        {words.reload}
      </button>
    </Notice>
  );
}
