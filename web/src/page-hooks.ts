import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Directory, StreamDirectory } from "./connection/stream-directory.js";

/** So long after the last movement the controls leave the picture alone. */
const IDLE_MS = 2_500;

/** What to do for keys, by {@link KeyboardEvent.key} in lower case. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Does what keys stand for, unless somebody types, a sheet is open or a modifier is held. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof HTMLInputElement || document.querySelector("dialog[open]")) return;
      const action = latest.current[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

/** Whether nobody has touched the page for a moment; a tap on the picture makes it so at once. */
export function useIdle(): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    let timer = window.setTimeout(() => setIdle(true), IDLE_MS);
    const wake = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => setIdle(true), IDLE_MS);
      setIdle(false);
    };
    const events = ["pointermove", "pointerdown", "keydown", "focusin"] as const;
    for (const event of events) window.addEventListener(event, wake, { passive: true });
    return () => {
      window.clearTimeout(timer);
      for (const event of events) window.removeEventListener(event, wake);
    };
  }, []);
  return idle;
}

/** What is known of the streams. */
export function useDirectory(directory: StreamDirectory): Directory {
  const [current, setCurrent] = useState(directory.current);
  useLayoutEffect(() => {
    setCurrent(directory.current);
    return directory.onChange(() => setCurrent(directory.current));
  }, [directory]);
  return current;
}

/** The stream that the address names after `#`, and what goes to another one; undefined is the grid. */
export function useChosenStream(): readonly [string | undefined, (id: string | undefined) => void] {
  const read = () => decodeURIComponent(location.hash.slice(1)) || undefined;
  const [chosen, setChosen] = useState(read);
  useEffect(() => {
    const changed = () => setChosen(read());
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return [chosen, (id) => (location.hash = id === undefined ? "" : encodeURIComponent(id))];
}

/** Full screen of the whole page, or of the bare video where the browser knows nothing else (iPhone). */
export function useFullScreen(): { readonly active: boolean; toggle(video?: HTMLVideoElement | null): void } {
  const [active, setActive] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const changed = () => setActive(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  const toggle = (video?: (HTMLVideoElement & { webkitEnterFullscreen?(): void }) | null) => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else if (document.fullscreenEnabled)
      document.documentElement.requestFullscreen().catch(() => {}); // refused: nothing changes
    else video?.webkitEnterFullscreen?.();
  };
  return { active, toggle };
}
