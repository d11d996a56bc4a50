import type { Viewer } from "../connection/use-viewer.js";
import type { ViewerState } from "../connection/viewer-connection.js";
import type { Words } from "../language/english.js";
import { useWords } from "../language/language.js";
import { Notice, RefusedNotice } from "./notice.js";

/** What a person is told of a stream's state, in one sentence. */
export function stateText(words: Words, state: ViewerState, reachable: boolean): string {
  if (!reachable && (state === "reconnecting" || state === "connecting")) return words.unreachable;
  return words[state];
}

interface StreamNoticeProps {
  readonly viewer: Viewer;
  readonly reachable: boolean;
  /** The browser waits for a gesture. */
  readonly blocked: boolean;
  onPlay(): void;
}

/** Says why a stream shows no picture, or not the newest. */
export function StreamNotice({ viewer: { state, renew }, reachable, blocked, onPlay }: StreamNoticeProps) {
  const words = useWords();
  if (blocked) {
    return (
      <Notice title={words.blocked}>
        <button type="button" class="action" onClick={onPlay}>
          {words.play}
        </button>
      </Notice>
    );
  }
  switch (state) {
    case "connecting":
    case "connected": // and the first picture is on its way
      return <Notice title={reachable ? words.connecting : words.unreachable} busy />;
    case "reconnecting":
      return (
        <Notice title={stateText(words, state, reachable)} hint={reachable ? undefined : words.unreachableHint} busy>
          <button type="button" class="action" onClick={renew}>
            {words.tryNow}
          </button>
        </Notice>
      );
    case "absent":
      return <Notice title={words.absent} hint={words.absentHint} />;
    case "refused":
      return <RefusedNotice />;
    case "unsupported":
      return <Notice title={words.unsupported} hint={words.unsupportedHint} />;
  }
}
